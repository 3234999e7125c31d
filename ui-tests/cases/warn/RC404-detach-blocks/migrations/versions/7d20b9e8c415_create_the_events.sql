-- Create the events
--
-- revision: 7d20b9e8c415
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE events (
    happened DATE NOT NULL
) PARTITION BY RANGE (happened);

CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');

-- @downgrade
DROP TABLE events_2025;
DROP TABLE events;
