-- Which nodes share this journal. Times are the database's own: nodes' clocks may differ.
create table nodes (
    node      text collate "C" primary key,
    seen_at   timestamptz not null,
    confirmed json        not null
) with (fillfactor = 20);
