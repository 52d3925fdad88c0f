package pgtest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Server is a private cluster. Its methods are safe for concurrent use.
type Server struct {
	dir  string // holds data, the socket and the log
	bin  string
	as   *owner   // nil: the user of the test
	rest *os.File // closing it ends the cluster

	mu      sync.Mutex
	running *exec.Cmd
	ended   chan error
}

// NewServer starts a cluster for one test and removes it afterwards. Without
// installed binaries the test is skipped, whatever OPENMIP_TEST_POSTGRES says.
func NewServer(t testing.TB) *Server {
	t.Helper()
	s, err := start()
	if err != nil {
		absent(t, err)
	}
	t.Cleanup(s.remove)
	return s
}

// absent ends a test that has no server.
func absent(t testing.TB, err error) {
	t.Helper()
	if strings.Contains(","+os.Getenv("OPENMIP_REQUIRE")+",", ",postgres,") || !errors.Is(err, errNotInstalled) {
		t.Fatalf("pgtest: %v", err)
	}
	t.Skipf("pgtest: %v; install it or set OPENMIP_TEST_POSTGRES", err)
}

func start() (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin}
	if s.as, err = credential(); err != nil {
		return nil, err
	}
	// The undertaker comes first: a test may be killed between any two lines.
	s.dir = filepath.Join(os.TempDir(), "pgtest"+rand.Text()[:10])
	if s.rest, err = undertaker(s.dir); err != nil {
		return nil, err
	}
	if err := s.prepare(); err != nil {
		s.remove()
		return nil, err
	}
	return s, nil
}

func (s *Server) prepare() error {
	if err := os.Mkdir(s.dir, 0o700); err != nil {
		return err
	}
	if s.as != nil {
		if err := os.Chown(s.dir, int(s.as.Uid), int(s.as.Gid)); err != nil {
			return err
		}
	}
	// Below the folder it stands in: it would make one anew that is deleted already.
	out, err := s.command("initdb", "--pgdata", "data", "--username", "postgres", "--auth", "trust",
		"--no-locale", "--encoding", "UTF8", "--no-sync", "--no-instructions").CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return s.Start()
}

// undertaker starts a process that outlives this one only to stop the cluster
// and delete its folder. It acts once the returned file is closed, which the
// operating system does for a process that was killed.
func undertaker(dir string) (*os.File, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	// It tries again while initdb, which may be at work, still makes files.
	const script = `cat >/dev/null
tries=600
while test -e "$0" && test $tries -gt 0; do
	pid=$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null)
	test -n "$pid" && kill -QUIT "$pid" 2>/dev/null && while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
	rm -rf "$0" 2>/dev/null
	tries=$((tries - 1))
	sleep 0.05
done`
	cmd := exec.Command("/bin/sh", "-c", script, dir)
	cmd.Stdin = r
	cmd.SysProcAttr = apart(nil)
	if err := cmd.Start(); err != nil {
		_ = w.Close()
		return nil, err
	}
	go func() { _ = cmd.Wait() }()
	return w, nil
}

// remove ends the cluster and waits until its folder is gone.
func (s *Server) remove() {
	s.mu.Lock()
	if s.running != nil {
		_ = s.running.Process.Signal(resume)
	}
	s.mu.Unlock()
	_ = s.Stop()
	if s.rest != nil {
		_ = s.rest.Close()
	}
	for range 100 {
		if _, err := os.Stat(s.dir); err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	_ = os.RemoveAll(s.dir)
}

// Start starts a server that was stopped, and returns once it takes
// connections. One that runs is left alone.
func (s *Server) Start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != nil {
		return nil
	}
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	cmd := s.command("postgres", "-D", s.data(), "-k", s.dir, "-h", "", "-p", port,
		"-c", "max_connections=300", "-c", "shared_buffers=64MB", "-c", "fsync=on", "-c", "synchronous_commit=on",
		"-c", "timezone=America/St_Johns") // an odd one, so that nobody relies on it
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for range 600 {
		select {
		case err := <-ended:
			text, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			return fmt.Errorf("the server ended at once: %w: %s", err, text)
		case <-time.After(20 * time.Millisecond):
		}
		if s.command("pg_isready", "-q", "-h", s.dir, "-p", port).Run() == nil {
			s.running, s.ended = cmd, ended
			return nil
		}
	}
	_ = cmd.Process.Kill()
	return errors.New("the server takes no connections")
}

// Stop stops the server in an orderly way, ending every connection (a "fast"
// shutdown).
func (s *Server) Stop() error { return s.end(syscall.SIGINT) }

// Crash stops the server at once; the next [Server.Start] recovers.
func (s *Server) Crash() error { return s.end(syscall.SIGQUIT) }

func (s *Server) end(how syscall.Signal) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == nil {
		return nil
	}
	if err := s.running.Process.Signal(how); err != nil {
		return err
	}
	<-s.ended
	s.running = nil
	return nil
}

const port = "5432" // names the socket only

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// url returns the address of a database.
func (s *Server) url(database string) string {
	q := url.Values{"host": {s.dir}, "port": {port}, "user": {"postgres"}, "sslmode": {"disable"}}
	return "postgres:///" + database + "?" + q.Encode()
}

// command returns a command of the server's, run as its user.
func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "HOME="+s.dir)
	cmd.SysProcAttr = apart(s.as)
	return cmd
}

var errNotInstalled = errors.New("PostgreSQL is not installed")

// binaries returns the folder of the newest server installed.
func binaries() (string, error) {
	if path, err := exec.LookPath("postgres"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), nil
		}
	}
	best, newest := "", -1
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin/postgres", "/usr/pgsql-*/bin/postgres",
		"/usr/local/pgsql/bin/postgres", "/opt/homebrew/opt/postgresql@*/bin/postgres"} {
		found, _ := filepath.Glob(pattern) // the patterns are well-formed
		for _, path := range found {
			version := strings.Trim(filepath.Base(filepath.Dir(filepath.Dir(path))), "pgsqlotre-@")
			if n, _ := strconv.Atoi(version); n > newest {
				best, newest = filepath.Dir(path), n
			}
		}
	}
	if best == "" {
		return "", errNotInstalled
	}
	return best, nil
}
