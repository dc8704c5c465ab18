-- Devices at a school's door: who invited one, what it is called, and until when its key would be.

create table {web}.door_device (
    device_id uuid primary key,  -- also the id of its key
    school_code text not null,
    label text not null,
    invited_by uuid not null,
    invited_at timestamptz not null,
    key_ends_at timestamptz not null
);
create index door_device_of_school on {web}.door_device (school_code);

grant select, insert, update, delete on {web}.door_device to {app};
