package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// process is one life of the daemon.
type process struct {
	t       *testing.T
	cmd     *exec.Cmd
	address string

	mu   sync.Mutex
	said bytes.Buffer // everything it logged
	gone chan struct{}
	code int
}

// start runs the daemon until it says where it listens.
func (w *world) start(more ...string) *process {
	w.t.Helper()
	p := &process{t: w.t, cmd: exec.Command(program, "-config", w.write()), gone: make(chan struct{})}
	p.cmd.Env = append(append(os.Environ(), w.env...), more...)
	logs, err := p.cmd.StderrPipe()
	require.NoError(w.t, err)
	p.cmd.Stdout = io.Discard
	require.NoError(w.t, p.cmd.Start())
	w.t.Cleanup(func() { _ = p.cmd.Process.Kill(); <-p.gone })
	running := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(logs); lines.Scan(); {
			p.mu.Lock()
			p.said.Write(append(lines.Bytes(), '\n'))
			p.mu.Unlock()
			var line struct{ Msg, Address string }
			if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "running" {
				running <- line.Address
			}
		}
		_ = p.cmd.Wait() // the code tells
		p.code = p.cmd.ProcessState.ExitCode()
		close(p.gone)
	}()
	select {
	case p.address = <-running:
	case <-p.gone:
		require.FailNow(w.t, "it ended at once", p.log())
	case <-time.After(20 * time.Second):
		require.FailNow(w.t, "it does not run", p.log())
	}
	return p
}

func (p *process) log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

// story is the log without its calls.
func (p *process) story() string {
	lines := strings.SplitAfter(p.log(), "\n")
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.Contains(l, `"level":"DEBUG"`) }), "")
}

// get returns the status and the body of one of its pages.
func (p *process) get(path string) (int, string) {
	p.t.Helper()
	answer, err := http.Get("http://" + p.address + path)
	require.NoError(p.t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(p.t, err)
	return answer.StatusCode, string(body)
}

// terminate asks it to end, and returns its code.
func (p *process) terminate() int {
	p.t.Helper()
	require.NoError(p.t, p.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-p.gone:
	case <-time.After(30 * time.Second):
		require.FailNow(p.t, "it does not end", p.story())
	}
	return p.code
}

// until waits for something to come true.
func (p *process) until(what string, so func() bool) {
	p.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if so() {
			return
		}
	}
	require.FailNow(p.t, "waited in vain for "+what, p.story())
}

// shows reports whether a line of the metrics begins with a text.
func (p *process) shows(line string) bool {
	_, page := p.get("/metrics")
	return strings.Contains("\n"+page, "\n"+line)
}
