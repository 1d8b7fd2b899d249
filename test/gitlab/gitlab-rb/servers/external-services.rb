# A database's replica for reading, Redis elsewhere, objects in somebody's S3.
external_url 'https://git.team-f.example'
gitlab_rails['db_adapter'] = 'postgresql'
gitlab_rails['db_encoding'] = 'unicode'
gitlab_rails['db_host'] = 'pg.team-f.example'
gitlab_rails['db_port'] = '5432'
gitlab_rails['db_database'] = 'gitlabhq_production'
gitlab_rails['db_username'] = 'gitlab'
gitlab_rails['db_sslmode'] = 'verify-full'
gitlab_rails['db_sslrootcert'] = '/etc/gitlab/ssl/pg-ca.pem'
gitlab_rails['db_load_balancing'] = { 'hosts' => ['pg-2.team-f.example'] }
gitlab_rails['db_prepared_statements'] = false
redis['enable'] = false
gitlab_rails['redis_host'] = 'redis.team-f.example'
gitlab_rails['redis_port'] = 6380
gitlab_rails['redis_ssl'] = true
gitlab_rails['redis_database'] = 0
gitlab_rails['redis_enable_client'] = false
gitlab_rails['object_store']['enabled'] = true
gitlab_rails['object_store']['proxy_download'] = true
gitlab_rails['object_store']['connection'] = { 'provider' => 'AWS', 'region' => 'eu-central-1', 'use_iam_profile' => true, 'path_style' => true }
gitlab_rails['object_store']['objects']['artifacts']['bucket'] = 'team-f-artifacts'
gitlab_rails['object_store']['objects']['lfs']['bucket'] = 'team-f-lfs'
gitlab_rails['object_store']['objects']['pages']['enabled'] = false
gitlab_rails['env'] = { 'AWS_REGION' => 'eu-central-1', 'http_proxy' => 'http://proxy.team-f.example:3128' }
