-- Full-text search over knowledge entries: the index follows their documents, whoever writes them.
create virtual table knowledge using fts5 (title, tags, body, tokenize = "porter unicode61 remove_diacritics 2");

create trigger knowledge_added after insert on actors when new.kind = 'knowledge'
begin
    insert into knowledge (rowid, title, tags, body) values (
        new.no,
        json_extract(new.document, '$.entry.title'),
        json_extract(new.document, '$.entry.tags'),
        coalesce(json_extract(new.document, '$.entry.body'), '') || ' '
            || coalesce(json_extract(new.document, '$.entry.relatedFiles'), '') || ' '
            || coalesce(json_extract(new.document, '$.entry.impact'), ''));
end;

create trigger knowledge_changed after update of document on actors when new.kind = 'knowledge'
begin
    update knowledge set
        title = json_extract(new.document, '$.entry.title'),
        tags = json_extract(new.document, '$.entry.tags'),
        body = coalesce(json_extract(new.document, '$.entry.body'), '') || ' '
            || coalesce(json_extract(new.document, '$.entry.relatedFiles'), '') || ' '
            || coalesce(json_extract(new.document, '$.entry.impact'), '')
    where rowid = new.no;
end;
