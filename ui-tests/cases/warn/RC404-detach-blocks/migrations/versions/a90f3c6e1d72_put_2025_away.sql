-- Put 2025 away
--
-- revision: a90f3c6e1d72
-- down_revision: 7d20b9e8c415
-- created: 2026-03-09T09:15:00Z

-- @upgrade
ALTER TABLE events DETACH PARTITION events_2025;

-- @downgrade
ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
