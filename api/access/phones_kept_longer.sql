-- Phones that were bound while thirty quiet days or half a year ended a login: known as long as those bound from now on.
UPDATE {web}.login
SET idle_limit = interval '400 days', ends_at = greatest(ends_at, last_seen_at + interval '400 days')
WHERE kind = 'device';
