-- Whose child had left before the close of a year was not evaluated at it, graduates above all: every
-- close is gone through once more. Who was evaluated is no news.
UPDATE {ledger}.follower SET position = 0 WHERE follower = 'year_evaluations';
