-- The index by age covers a range of pages only once that is summarised. An inbox only grows between clean-ups, so a vacuum
-- comes by seldom, and until then a search by age reads every page that is newer.

ALTER INDEX sb_inbox_received SET (autosummarize = on);
