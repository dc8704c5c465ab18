-- One dry run of an organisation at a time: of those that wait already the oldest goes on.
update {web}.rule_run set state = 'cancelled', finished_at = clock_timestamp()
 where kind <> 'apply' and state in ('waiting', 'running')
   and run_id not in (
       select distinct on (place) run_id from {web}.rule_run
        where kind <> 'apply' and state in ('waiting', 'running')
        order by place, asked_at, run_id);
create unique index rule_run_one_at_a_time on {web}.rule_run (place)
 where kind <> 'apply' and state in ('waiting', 'running');
