package postgres_test

import (
	"bytes"
	"context"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

// freezing is the connection of a process that freezes once the server has
// answered what holds certain bytes: here the lock of the purse.
type freezing struct {
	net.Conn
	after  []byte
	sent   atomic.Bool
	frozen chan struct{} // closed when it is
	thaw   chan struct{}
}

func (f *freezing) Write(b []byte) (int, error) {
	n, err := f.Conn.Write(b)
	if bytes.Contains(b, f.after) {
		f.sent.Store(true)
	}
	return n, err
}

func (f *freezing) Read(b []byte) (int, error) {
	n, err := f.Conn.Read(b)
	if f.sent.Swap(false) && err == nil {
		close(f.frozen)
		<-f.thaw
	}
	return n, err
}

// A transaction of a frozen process holds its locks. Nobody else may wait for
// it to thaw.
func TestWhoFreezesWhileReservingDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	settings, err := pgxpool.ParseConfig(cfg.URL)
	require.NoError(t, err)
	f := &freezing{after: []byte(" main wallet"), frozen: make(chan struct{}), thaw: make(chan struct{})}
	settings.MaxConns = 1
	settings.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err == nil && f.Conn == nil {
			f.Conn = conn
			return f, nil
		}
		return conn, err
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), settings)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	own := cfg
	own.Pool = pool
	reservation := func(n int) mip.Reservation {
		return mip.Reservation{Key: ref(n).ID, Account: "wallet", Ref: ref(n), Amount: mip.EUR(1_00), At: at(0)}
	}
	all := mip.Balance{Amount: mip.EUR(10_00), ReadAt: at(0)}
	slow, quick := open(t, own), open(t, cfg)
	done := make(chan error, 1)
	go func() { done <- slow.Reserve(context.Background(), reservation(1), all) }()
	<-f.frozen

	ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
	defer cancel()
	assert.NoError(t, quick.Reserve(ctx, reservation(2), all), "it gets its turn")
	close(f.thaw)
	assert.Error(t, <-done, "whose transaction was ended")
	_, err = quick.Reservation(ctx, reservation(1).Key)
	assert.ErrorIs(t, err, mip.ErrNotFound, "and undone")
	require.NoError(t, slow.Reserve(ctx, reservation(1), all), "another connection does it")
}
