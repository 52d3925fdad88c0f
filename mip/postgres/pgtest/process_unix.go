//go:build unix

package pgtest

import (
	"errors"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// owner is a user of the system.
type owner = syscall.Credential

// resume continues a process that was frozen.
const resume = syscall.SIGCONT

// apart runs a command as its owner, in a group of its own: an interrupt at
// the terminal is not for it.
func apart(as *owner) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Credential: as}
}

// credential is whom the server runs as where the test runs as root; nil
// elsewhere.
func credential() (*owner, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &owner{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("root needs a user postgres or nobody to run the server as")
}
