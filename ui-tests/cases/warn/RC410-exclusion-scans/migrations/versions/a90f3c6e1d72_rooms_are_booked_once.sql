-- Rooms are booked once
--
-- revision: a90f3c6e1d72
-- down_revision: 7d20b9e8c415
-- created: 2026-03-09T09:15:00Z

-- @upgrade
ALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist (room WITH =, during WITH &&);

-- @downgrade
ALTER TABLE bookings DROP CONSTRAINT no_overlap;
