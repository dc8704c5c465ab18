-- What a rebuild replaced stays here until it is put back, forgotten, or replaced once more.
CREATE SCHEMA {old_views} AUTHORIZATION {app};
