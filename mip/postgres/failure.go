package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/openmip/openmip/mip"
)

// failure classifies an error met where nothing can have been committed.
func failure(op string, ref mip.Ref, err error) error {
	return classified(op, ref, err, mip.ErrUnavailable)
}

// written classifies an error met during a write. An answer of the server
// proves that nothing was done, unless it is the server's farewell; so does a
// connection over which nothing was sent. Anything else proves nothing.
func written(op string, ref mip.Ref, err error) error {
	kind := mip.ErrUnknown
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Severity == "ERROR" || pgconn.SafeToRetry(err) {
		kind = mip.ErrUnavailable
	}
	return classified(op, ref, err, kind)
}

func classified(op string, ref mip.Ref, err error, kind error) error {
	if e, ok := errors.AsType[*mip.Error](err); ok && e.Op != "" {
		return err
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch {
		case e.Code == "22021", e.Code == "22P05": // text that the database cannot hold
			kind = mip.ErrInvalid
		case e.Code[:2] == "42", e.Code[:2] == "3F": // no such table, no permission
			kind = mip.ErrContract
		}
	}
	return &mip.Error{Op: op, Ref: ref, Kind: kind, Err: speechless(err)}
}

// speechless keeps of an error what cannot hold a value of ours: the server's
// code instead of its text, the kind of the driver's error instead of its
// arguments.
func speechless(err error) error {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return fmt.Errorf("the database answered %s", e.Code)
	}
	if e, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return e // host and user, no password
	}
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed} {
		if errors.Is(err, known) {
			return known
		}
	}
	if e, ok := errors.AsType[*net.OpError](err); ok {
		return e
	}
	return fmt.Errorf("the database driver failed (%T)", err)
}

// clash reports whether the database gave up a statement because of others.
func clash(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40001" || e.Code == "40P01" || e.Code == "23505")
}

// alive returns an [mip.ErrUnavailable] error once ctx has ended.
func alive(ctx context.Context, op string, ref mip.Ref) error {
	if err := ctx.Err(); err != nil {
		return &mip.Error{Op: op, Ref: ref, Kind: mip.ErrUnavailable, Err: err}
	}
	return nil
}
