-- Create the reminders table
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-20T08:30:00Z

-- @upgrade
CREATE TABLE reminders (
    id INTEGER PRIMARY KEY,
    invoice_id INTEGER NOT NULL REFERENCES books.invoices (id),
    previous_id INTEGER REFERENCES reminders (id)
);
CREATE TABLE letters (
    id INTEGER PRIMARY KEY,
    reminder_id INTEGER NOT NULL
);
ALTER TABLE reminders ADD COLUMN letter_id INTEGER REFERENCES letters (id);
ALTER TABLE letters ADD CONSTRAINT fk_letters_reminders FOREIGN KEY (reminder_id) REFERENCES reminders (id);

-- @downgrade
-- Each refers to the other, and one to itself: together they go.
DROP TABLE letters, reminders;
