-- An effect rests under a halt until it is lifted (write_halt lets it come again). The shared lock keeps the lift from being
-- committed between the look at the halt and the parking: nothing may rest under a halt that is over.
create function park_effect(the_id text, token text, halt text, parked text, never bigint) returns boolean
language plpgsql as $$
declare
    affected bigint;
begin
    perform pg_advisory_xact_lock_shared(7310579618340464);
    if exists (select 1 from halts where id = halt and lifted_at is null) then
        update effects set lease_token = parked, ready = never where id = the_id and lease_token = token;
    else
        update effects set lease_token = null, ready = due where id = the_id and lease_token = token;
    end if;
    get diagnostics affected = row_count;
    return affected > 0;
end $$;
