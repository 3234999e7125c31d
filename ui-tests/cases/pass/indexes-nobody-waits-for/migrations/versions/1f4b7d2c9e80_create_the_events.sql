-- Create the events
--
-- revision: 1f4b7d2c9e80
-- down_revision: e5c81b0a7f36
-- created: 2026-03-23T09:15:00Z

-- @upgrade
CREATE TABLE events (
    happened DATE NOT NULL,
    room BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    what TEXT NOT NULL
) PARTITION BY RANGE (happened);

CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');

CREATE INDEX ix_events ON events (happened, room, kind) INCLUDE (what);

-- @downgrade
DROP TABLE events_2025;
DROP TABLE events;
