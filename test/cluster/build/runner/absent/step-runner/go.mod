module gitlab.com/gitlab-org/step-runner

go 1.26

require google.golang.org/grpc v1.83.2

require gitlab.com/gitlab-org/moa v0.0.0
