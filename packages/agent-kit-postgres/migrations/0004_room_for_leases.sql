-- A lease changes no indexed column, so the new version of a row needs no entry in any index as long as it fits on the
-- row's own page. Work that falls due together was written together and is leased together: room for all rows of a page.

ALTER TABLE sb_pending SET (fillfactor = 45);
