-- Answers are swept by their age. Rows lie about in the order of their commits, so an index of a few bytes per page range finds the
-- old ones, and costs a commit nothing.
create index answers_by_age on answers using brin (at) with (autosummarize = on);
