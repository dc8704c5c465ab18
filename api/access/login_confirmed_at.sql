-- When a device was vouched for; of older logins their beginning has to do.
ALTER TABLE {web}.login ADD COLUMN confirmed_at timestamptz;
