-- Reminders and grain storage of earlier versions: nothing uses them.
drop view if exists reminder;
drop table if exists reminders;
drop table if exists snapshots;
delete from orleansquery where querykey in (
    'UpsertReminderRowKey', 'ReadReminderRowsKey', 'ReadReminderRowKey', 'ReadRangeRows1Key', 'ReadRangeRows2Key', 'DeleteReminderRowKey',
    'DeleteReminderRowsKey', 'ReadFromStorageKey', 'WriteToStorageKey', 'ClearStorageKey', 'DeleteStorageKey');
