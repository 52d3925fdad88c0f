package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// tell plays the story: two workers, thirty orders, one kill.
func tell(ctx context.Context, database string, orders int) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	if err := migrate(ctx, database); err != nil {
		return err
	}
	o, err := newOutside()
	if err != nil {
		return err
	}
	defer o.close()
	workers := map[string]*exec.Cmd{}
	for _, name := range []string{"one", "two"} {
		if workers[name], err = o.hire(ctx, database, name); err != nil {
			return err
		}
	}
	for range orders {
		o.buy()
	}
	if err := o.until(ctx, "a third of the orders is at BigBuy", func() bool { return len(o.supplier.Orders()) >= orders/3 }); err != nil {
		return err
	}
	_ = workers["one"].Process.Kill()
	_ = workers["one"].Wait()
	fmt.Println("---- one was killed; two takes over what it held once its lease has run out")
	if err := o.until(ctx, "every order is delivered, and the shop knows", func() bool { return o.told() == orders }); err != nil {
		return err
	}
	_ = workers["two"].Process.Signal(os.Interrupt)
	_ = workers["two"].Wait()
	o.sum()
	if len(o.supplier.Orders()) != orders {
		return errors.New("not every order was bought once")
	}
	return nil
}

// hire starts a worker as a process of its own.
func (o *outside) hire(ctx context.Context, database, name string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, "work", "-name", name)
	cmd.Env = append(os.Environ(), "DATABASE_URL="+database, "SHOP_URL="+o.shopURL, "BIGBUY_URL="+o.bigbuyURL)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd, cmd.Start()
}

// until waits for something to happen.
func (o *outside) until(ctx context.Context, what string, happened func() bool) error {
	for !happened() {
		if !pause(ctx, 50*time.Millisecond) {
			o.sum()
			return errors.New("gave up waiting until " + what)
		}
	}
	return nil
}
