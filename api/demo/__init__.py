"""The invented pilot: three schools 示例…, made through the commands and files a user would use."""
