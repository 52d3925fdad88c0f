package sqlite

import (
	"context"
	"errors"

	"github.com/openmip/openmip/mip"
	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

// failure classifies an error of SQLite, the disk or a context, met before
// anything was committed.
func failure(op string, ref mip.Ref, err error) error {
	if e, ok := errors.AsType[*mip.Error](err); ok && e.Op != "" {
		return err
	}
	kind := mip.ErrUnavailable
	switch code(err) {
	case codes.SQLITE_CORRUPT, codes.SQLITE_NOTADB:
		kind = mip.ErrContract
	}
	return &mip.Error{Op: op, Ref: ref, Kind: kind, Err: err}
}

// code returns SQLite's primary result code, 0 if err is not SQLite's.
func code(err error) int {
	if e, ok := errors.AsType[*driver.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}

func busy(err error) bool {
	c := code(err)
	return c == codes.SQLITE_BUSY || c == codes.SQLITE_LOCKED
}

// alive returns an [mip.ErrUnavailable] error once ctx has ended.
func alive(ctx context.Context, op string, ref mip.Ref) error {
	if err := ctx.Err(); err != nil {
		return &mip.Error{Op: op, Ref: ref, Kind: mip.ErrUnavailable, Err: err}
	}
	return nil
}
