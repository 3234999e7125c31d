-- Rows for the baseline, written so that PostgreSQL, SQLite and MySQL (with ANSI_QUOTES and NO_BACKSLASH_ESCAPES) read
-- them alike. Binary columns and summaries are left empty: data.rs fills them in.
INSERT INTO "groups" (id, name, data) VALUES
    ('00000000-0000-4000-8000-00000000a001', 'qe', '{"lead": "ana"}'),
    ('00000000-0000-4000-8000-00000000a002', NULL, NULL);
INSERT INTO users (id, email, _password, name, activation_code, is_superadmin, is_active, group_id) VALUES
    ('00000000-0000-4000-8000-00000000b001', 'admin@example.com', '$2b$12$x', 'Admin', NULL, true, true, NULL),
    ('00000000-0000-4000-8000-00000000b002', 'perf@example.com', NULL, 'Perf only', NULL, false, true, '00000000-0000-4000-8000-00000000a001'),
    ('00000000-0000-4000-8000-00000000b003', 'both@example.com', NULL, 'Both', NULL, false, true, NULL),
    ('00000000-0000-4000-8000-00000000b004', 'insights@example.com', NULL, 'Insights only', 'abc', false, false, NULL),
    ('00000000-0000-4000-8000-00000000b005', 'none@example.com', NULL, NULL, NULL, false, false, NULL);
INSERT INTO projects (id, name, title, owner_id, group_id, default_dashboard_id) VALUES
    ('c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c', 'hcc-perfscale-cpt', 'HCC PerfScale', '00000000-0000-4000-8000-00000000b001', '00000000-0000-4000-8000-00000000a001', NULL),
    ('3915c900-85fc-1222-833c-10d51af56f2e', 'insights-qe', 'Insights QE', '00000000-0000-4000-8000-00000000b001', NULL, NULL),
    ('00000000-0000-4000-8000-00000000c003', 'other', 'Other', NULL, NULL, NULL);
INSERT INTO dashboards (id, title, description, filters, project_id, user_id) VALUES
    ('00000000-0000-4000-8000-00000000d001', 'Perf board', '', '', 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c', '00000000-0000-4000-8000-00000000b002'),
    ('00000000-0000-4000-8000-00000000d002', 'Insights board', NULL, NULL, '3915c900-85fc-1222-833c-10d51af56f2e', NULL),
    ('00000000-0000-4000-8000-00000000d003', 'Homeless board', NULL, NULL, NULL, NULL);
UPDATE projects SET default_dashboard_id = '00000000-0000-4000-8000-00000000d001' WHERE name = 'hcc-perfscale-cpt';
UPDATE projects SET default_dashboard_id = '00000000-0000-4000-8000-00000000d002' WHERE name = 'insights-qe';
INSERT INTO widget_configs (id, project_id, dashboard_id, title, type, weight, widget, params, navigable) VALUES
    ('00000000-0000-4000-8000-00000000e001', 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c', '00000000-0000-4000-8000-00000000d001', 'w1', 'widget', 10, 'run-aggregator', '{"weeks": 4, "project": "c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c"}', true),
    ('00000000-0000-4000-8000-00000000e002', '3915c900-85fc-1222-833c-10d51af56f2e', NULL, 'w2', 'view', NULL, 'jenkins-heatmap', '{}', NULL),
    ('00000000-0000-4000-8000-00000000e003', NULL, NULL, 'w3', 'view', 1, 'x', NULL, false);
INSERT INTO users_projects (user_id, project_id) VALUES
    ('00000000-0000-4000-8000-00000000b002', 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c'),
    ('00000000-0000-4000-8000-00000000b003', 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c'),
    ('00000000-0000-4000-8000-00000000b003', '3915c900-85fc-1222-833c-10d51af56f2e'),
    ('00000000-0000-4000-8000-00000000b004', '3915c900-85fc-1222-833c-10d51af56f2e'),
    ('00000000-0000-4000-8000-00000000b004', '00000000-0000-4000-8000-00000000c003');
INSERT INTO imports (id, filename, format, data, status, created) VALUES
    ('00000000-0000-4000-8000-00000000f001', 'a.xml', 'junit', '{"project": "x"}', 'done', '2025-11-01 10:00:00.000000'),
    ('00000000-0000-4000-8000-00000000f002', 'b.tar.gz', 'ibutsu', NULL, 'pending', NULL);
INSERT INTO import_files (id, import_id, content) VALUES
    ('00000000-0000-4000-8000-00000000f101', '00000000-0000-4000-8000-00000000f001', NULL),
    ('00000000-0000-4000-8000-00000000f102', '00000000-0000-4000-8000-00000000f002', NULL);
INSERT INTO meta ("key", value) VALUES ('version', '8'), ('note', NULL);
-- Seven runs of the project that is merged away, with every shape of `data`; then one each of the project that takes
-- them, of another, of none.
INSERT INTO runs (id, project_id, data, env, component, source, start_time, duration, summary, created) VALUES
    ('10000000-0000-4000-8000-000000000001', 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c', '{"tags": ["nightly", "perf"], "jenkins": {"job_name": "perf-nightly", "build_number": "12"}, "project": "hcc-perfscale-cpt"}', 'stage', 'rbac', 'jenkins', '2026-01-02 03:04:05.678901', 12.5, NULL, '2026-01-02 03:05:00.000000'),
    ('10000000-0000-4000-8000-000000000002', 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c', NULL, NULL, NULL, NULL, '2026-01-03 00:00:00.000000', NULL, NULL, '2026-01-03 00:00:00.000000'),
    ('10000000-0000-4000-8000-000000000003', 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c', '{}', 'prod', 'inventory', 'local', '2026-01-04 00:00:00.000000', 0, NULL, '2026-01-04 00:00:00.000000'),
    ('10000000-0000-4000-8000-000000000004', 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c', 'null', 'prod', 'inventory', 'local', '2026-01-04 00:00:01.000000', 1, NULL, '2026-01-04 00:00:01.000000'),
    ('10000000-0000-4000-8000-000000000005', 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c', '["a", 1]', 'prod', 'inventory', 'local', '2026-01-04 00:00:02.000000', 1, NULL, '2026-01-04 00:00:02.000000'),
    ('10000000-0000-4000-8000-000000000006', 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c', '"scalar"', 'prod', 'inventory', 'local', '2026-01-04 00:00:03.000000', 1, NULL, '2026-01-04 00:00:03.000000'),
    ('10000000-0000-4000-8000-000000000007', 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c', '{"b": [1, 2], "zz": 1, "uni": "žluť ☃", "project": {"nested": true}}', 'prod', 'inventory', 'local', '2026-01-04 00:00:04.000000', 1, NULL, '2026-01-04 00:00:04.000000'),
    ('10000000-0000-4000-8000-000000000008', '3915c900-85fc-1222-833c-10d51af56f2e', '{"k": null, "project": "insights-qe"}', 'stage', 'rbac', 'jenkins', '2026-01-05 00:00:00.000000', 1.5, NULL, '2026-01-05 00:00:00.000000'),
    ('10000000-0000-4000-8000-000000000009', '00000000-0000-4000-8000-00000000c003', '{"project": "other"}', 'stage', 'rbac', 'jenkins', '2026-01-05 00:00:01.000000', 1.5, NULL, '2026-01-05 00:00:01.000000'),
    ('10000000-0000-4000-8000-000000000010', NULL, '{"project": "orphan"}', 'stage', 'rbac', 'jenkins', '2026-01-05 00:00:02.000000', 1.5, NULL, '2026-01-05 00:00:02.000000');
INSERT INTO results (id, project_id, run_id, test_id, result, data, params, duration, start_time, source, env, component) VALUES
    ('30000000-0000-4000-8000-000000000001', 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c', '10000000-0000-4000-8000-000000000001', 't1', 'passed', '{"tags": ["a"], "project": "hcc-perfscale-cpt", "assignee": "bob", "requirements": ["R1"], "SatelliteVersion": "6.1"}', '{"p": 1}', 0.25, '2026-01-02 03:04:05.000000', 'jenkins', 'stage', 'rbac'),
    ('30000000-0000-4000-8000-000000000002', 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c', '10000000-0000-4000-8000-000000000001', 't2', 'failed', NULL, NULL, NULL, '2026-01-02 03:04:06.000000', NULL, NULL, NULL),
    ('30000000-0000-4000-8000-000000000003', 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c', NULL, 't3', 'error', 'null', 'null', 1, '2026-01-02 03:04:07.000000', NULL, NULL, NULL),
    ('30000000-0000-4000-8000-000000000004', '3915c900-85fc-1222-833c-10d51af56f2e', '10000000-0000-4000-8000-000000000008', 't4', 'skipped', '{"k": 1}', '[]', 1, '2026-01-02 03:04:08.000000', NULL, NULL, NULL),
    ('30000000-0000-4000-8000-000000000005', '00000000-0000-4000-8000-00000000c003', '10000000-0000-4000-8000-000000000001', 't5', 'xfailed', '{"project": "other"}', NULL, 1, '2026-01-02 03:04:09.000000', NULL, NULL, NULL);
INSERT INTO artifacts (id, content, result_id, run_id, filename, data, upload_date) VALUES
    ('40000000-0000-4000-8000-000000000001', NULL, '30000000-0000-4000-8000-000000000001', NULL, 'log.txt', '{"x": 1}', '2026-01-02 03:04:10.000000'),
    ('40000000-0000-4000-8000-000000000002', NULL, NULL, '10000000-0000-4000-8000-000000000001', 'run.log', NULL, '2026-01-02 03:04:11.000000');
INSERT INTO tokens (id, name, token, expires, user_id) VALUES
    ('50000000-0000-4000-8000-000000000001', 'ci', 'tok-1', '2030-01-01 00:00:00.000000', '00000000-0000-4000-8000-00000000b001'),
    ('50000000-0000-4000-8000-000000000002', 'none', 'tok-2', NULL, NULL);
