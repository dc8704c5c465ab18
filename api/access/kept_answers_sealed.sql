-- Answers that were kept in clear: the key is free again, and its command recognises what it recorded.
delete from {web}.kept_answer;
