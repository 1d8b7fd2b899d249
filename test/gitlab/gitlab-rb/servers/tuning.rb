# Every service tuned, and watched by a Prometheus elsewhere.
external_url 'https://git.team-h.example'
roles ['application_role', 'postgres_role', 'redis_master_role']
puma['worker_processes'] = 6
puma['min_threads'] = 4
puma['max_threads'] = 4
puma['per_worker_max_memory_mb'] = 1400
puma['exporter_enabled'] = true
puma['exporter_address'] = '0.0.0.0'
puma['exporter_port'] = 8083
sidekiq['concurrency'] = 15
sidekiq['queue_groups'] = ['*'] * 2
sidekiq['routing_rules'] = [['*', 'default']]
sidekiq['shutdown_timeout'] = 30
gitaly['configuration'] = {
  'concurrency' => [{ 'rpc' => '/gitaly.SmartHTTPService/PostReceivePack', 'max_per_repo' => 3 }],
  'prometheus_listen_addr' => '0.0.0.0:9236',
  'daily_maintenance' => { 'start_hour' => 4, 'start_minute' => 30, 'duration' => '30m', 'storages' => ['default'] },
  'git' => { 'config' => [{ 'key' => 'pack.threads', 'value' => '4' }] },
}
gitaly['env'] = { 'GITALY_GOGC' => '50' }
postgresql['shared_buffers'] = '4GB'
postgresql['work_mem'] = '32MB'
postgresql['max_connections'] = 500
postgresql['max_worker_processes'] = 8
postgresql['shared_preload_libraries'] = 'pg_stat_statements'
postgresql['random_page_cost'] = 1.1
postgresql['autovacuum_max_workers'] = 4
redis['maxmemory'] = '1gb'
redis['maxmemory_policy'] = 'noeviction'
redis['io_threads'] = 2
prometheus['listen_address'] = '0.0.0.0:9090'
prometheus['scrape_interval'] = 30
prometheus['flags'] = { 'storage.tsdb.retention.time' => '30d' }
prometheus['scrape_configs'] = [{ 'job_name' => 'hosts', 'static_configs' => [{ 'targets' => ['10.0.0.4:9100'] }] }]
alertmanager['admin_email'] = 'ops@team-h.example'
alertmanager['receivers'] = [{ 'name' => 'ops', 'email_configs' => [{ 'to' => 'ops@team-h.example' }] }]
alertmanager['routes'] = [{ 'receiver' => 'ops', 'match' => { 'severity' => 'high' } }]
node_exporter['flags'] = { 'collector.mountstats' => true }
gitlab_exporter['listen_address'] = '0.0.0.0'
gitlab_exporter['listen_port'] = '9168'
logging['logrotate_frequency'] = 'weekly'
logging['logrotate_size'] = nil
logging['logrotate_rotate'] = 12
logging['logrotate_maxsize'] = '500M'
gitlab_rails['max_request_duration_seconds'] = 50
gitlab_rails['webhook_timeout'] = 20
