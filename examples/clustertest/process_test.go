//go:build unix

package clustertest_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// process is one of the processes, through all its lives: whenever it was
// killed it begins anew.
type process struct {
	name string
	env  []string

	mu     sync.Mutex
	cmd    *exec.Cmd // nil between two lives
	dying  bool      // this life
	frozen bool
	kills  int
	ending bool     // no other life
	faults []string // what a life did that it must not
	said   []byte   // an unfinished line, or the last one
	over   chan struct{}
}

// live begins the first life.
func (p *process) live() {
	p.over = make(chan struct{})
	go func() {
		defer close(p.over)
		for p.once() {
			time.Sleep(100 * time.Millisecond)
		}
	}()
}

// once is one life. It reports whether there is another one.
func (p *process) once() bool {
	exe, err := os.Executable()
	cmd := exec.Command(exe)
	cmd.Env, cmd.Stderr = append(os.Environ(), p.env...), p
	p.mu.Lock()
	if p.ending {
		p.mu.Unlock()
		return false
	}
	if err == nil {
		err = cmd.Start()
	}
	p.cmd, p.dying = cmd, false
	p.mu.Unlock()
	if err == nil {
		_ = cmd.Wait() // it is killed
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cmd = nil
	if err != nil || !p.dying {
		p.ending = true
		p.faults = append(p.faults, fmt.Sprintf("%s ended by itself: %v %s", p.name, err, p.said))
	}
	return !p.ending
}

// Write takes what a life says on standard error: log lines.
func (p *process) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for line := range bytes.Lines(text) {
		if bytes.HasSuffix(p.said, []byte("\n")) {
			p.said = nil
		}
		p.said = append(p.said, line...)
		if !bytes.HasSuffix(line, []byte("\n")) {
			continue
		}
		if bytes.Contains(p.said, []byte(canary)) {
			p.faults = append(p.faults, p.name+" names a customer in a log line")
		}
	}
	return len(text), nil
}

// kill ends a life, unless there is none, or it is frozen.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd != nil && !p.dying && !p.frozen {
		p.dying = true
		p.kills++
		_ = p.cmd.Process.Signal(syscall.SIGKILL)
	}
}

// freeze stops a life where it is; thaw lets it go on. It reports whether
// there was one.
func (p *process) freeze() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil || p.dying {
		return false
	}
	p.frozen = p.cmd.Process.Signal(syscall.SIGSTOP) == nil
	return p.frozen
}

func (p *process) thaw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.frozen {
		_ = p.cmd.Process.Signal(syscall.SIGCONT)
		p.frozen = false
	}
}

// end ends the last life and waits for it.
func (p *process) end() {
	p.mu.Lock()
	p.ending = true
	if p.cmd != nil {
		p.dying = true
		_ = p.cmd.Process.Signal(syscall.SIGKILL)
	}
	p.mu.Unlock()
	<-p.over
}

func (p *process) wrong() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.faults
}
