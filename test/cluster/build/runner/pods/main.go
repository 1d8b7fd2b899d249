// The pods that GitLab Runner's Kubernetes executor asks for: a list of configurations and jobs comes in, and for each the pod goes out, or why there is none.
// The API server is one of its own, which knows every account and Secret and refuses every pod, so that nothing has to run.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/sirupsen/logrus"
	"gitlab.com/gitlab-org/gitlab-runner/common"
	"gitlab.com/gitlab-org/gitlab-runner/common/spec"
	"gitlab.com/gitlab-org/gitlab-runner/executors/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"

	_ "gitlab.com/gitlab-org/gitlab-runner/shells"
)

type request struct {
	Config string
	Job    spec.Job
}

type answer struct {
	Pod   json.RawMessage `json:"pod,omitempty"`
	Error string          `json:"error,omitempty"`
	Log   string          `json:"log"`
}

func main() {
	logrus.SetOutput(io.Discard)
	var requests []request
	if err := json.NewDecoder(os.Stdin).Decode(&requests); err != nil {
		logrus.Fatal(err)
	}
	folder, err := os.MkdirTemp("", "pods-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	answers := make([]answer, len(requests))
	for index, request := range requests {
		answers[index] = podOf(filepath.Join(folder, fmt.Sprintf("%d.toml", index)), request)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		panic(err)
	}
}

func podOf(file string, request request) answer {
	if err := os.WriteFile(file, []byte(request.Config), 0o600); err != nil {
		return answer{Error: err.Error()}
	}
	config := common.NewConfig()
	if err := config.LoadConfig(file); err != nil {
		return answer{Error: err.Error()}
	}
	server := &apiServer{}
	listener := httptest.NewServer(server)
	defer listener.Close()
	runner := config.Runners[0]
	runner.Kubernetes.Host = listener.URL
	var text bytes.Buffer
	provider := kubernetes.NewProvider()
	data, err := provider.Acquire(runner)
	if err != nil {
		return answer{Error: err.Error()}
	}
	build, err := common.NewBuild(request.Job, runner, make(chan os.Signal), data, provider)
	if err != nil {
		return answer{Error: err.Error()}
	}
	err = build.Run(context.Background(), config, &common.Trace{Writer: &text})
	made := answer{Pod: server.first(), Log: text.String()}
	if made.Pod == nil && err != nil {
		made.Error = err.Error()
	}
	return made
}

// apiServer keeps the first pod that it is asked for.
type apiServer struct {
	mutex sync.Mutex
	pod   json.RawMessage
}

func (s *apiServer) first() json.RawMessage {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.pod
}

func (s *apiServer) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	response.Header().Set("Content-Type", "application/json")
	body, _ := io.ReadAll(request.Body)
	switch path := request.URL.Path; {
	case path == "/version":
		fmt.Fprint(response, `{"major":"1","minor":"34","gitVersion":"v1.34.4"}`)
	case request.URL.Query().Get("watch") != "":
		response.(http.Flusher).Flush()
		<-request.Context().Done()
	case request.Method == http.MethodPost && strings.HasSuffix(path, "/pods"):
		s.mutex.Lock()
		if s.pod == nil {
			s.pod = inJSON(body)
		}
		s.mutex.Unlock()
		response.WriteHeader(http.StatusForbidden)
		fmt.Fprint(response, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403,"message":"no pod is made here"}`)
	case request.Method == http.MethodPost:
		response.Header().Set("Content-Type", request.Header.Get("Content-Type"))
		response.WriteHeader(http.StatusCreated)
		_, _ = response.Write(body)
	case strings.HasSuffix(path, "/pods") || strings.HasSuffix(path, "/events"):
		fmt.Fprint(response, `{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[]}`)
	default:
		fmt.Fprintf(response, `{"metadata":{"name":%q}}`, filepath.Base(path))
	}
}

// inJSON reads what the client sends in Kubernetes' own format.
func inJSON(body []byte) json.RawMessage {
	object, _, err := scheme.Codecs.UniversalDeserializer().Decode(body, nil, nil)
	if err != nil {
		panic(err)
	}
	text, err := json.Marshal(object)
	if err != nil {
		panic(err)
	}
	return text
}
