package main

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	"go.opentelemetry.io/collector/service"
)

// recording is what the receivers saw: requests[i] arrives at times[i], which never fall.
type recording struct {
	times    []int64
	requests [][]byte
}

type result struct {
	answer   answer
	requests [][]byte
}

// evaluate runs one pipeline over the loaded telemetry. fatal means that goroutines were left behind, so that the
// process must not be used again.
func evaluate(message request, loaded recording) (_ result, fatal bool) {
	restore := setEnvironment(message.Environment)
	defer restore()
	plan, err := newPlan(message.Config)
	if err != nil {
		return failure("config", err.Error(), 0), false
	}
	run := &run{plan: plan, recording: loaded, start: message.Start, end: message.End}
	if problem := run.inBubble(); problem != "" {
		// A component that was made before another one was refused may have begun something that nobody ends.
		if run.failed != nil && (run.failed.answer.Kind == "crash" || run.failed.answer.Kind == "config") {
			return *run.failed, true
		}
		return failure("stuck", problem, run.current), true
	}
	if run.failed != nil {
		return *run.failed, false
	}
	return result{answer{OK: true, Times: plan.recorder.times}, plan.recorder.requests}, false
}

func failure(kind, message string, request int) result {
	return result{answer: answer{Kind: kind, Message: message, Request: request}}
}

// setEnvironment makes ${env:NAME} see these values and nothing of an evaluation before.
func setEnvironment(environment map[string]string) func() {
	for name, value := range environment {
		os.Setenv(name, value)
	}
	return func() {
		for name := range environment {
			os.Unsetenv(name)
		}
	}
}

type run struct {
	plan      *plan
	recording recording
	start     int64
	end       int64
	current   int
	failed    *result
}

// inBubble runs everything that has a clock on the virtual one. The bubble ends when every goroutine in it has ended,
// so what it returns, if anything, is why that did not happen.
//
// synctest.Test wants a *testing.T but uses nothing of it as long as the function neither fails nor panics.
func (r *run) inBubble() (problem string) {
	defer func() {
		if reason := recover(); reason != nil {
			problem = fmt.Sprint(reason)
		}
	}()
	synctest.Test(new(testing.T), func(*testing.T) {
		defer func() {
			if reason := recover(); reason != nil {
				r.fail("crash", fmt.Sprintf("panic: %v\n%s", reason, debug.Stack()))
			}
		}()
		r.live()
	})
	return ""
}

func (r *run) fail(kind, message string) {
	if r.failed == nil {
		failed := failure(kind, message, r.current)
		r.failed = &failed
	}
}

// live is the life of a collector from just before the first point to just after the last.
func (r *run) live() {
	ctx := context.Background()
	r.sleepUntil(r.start)
	collector, err := service.New(ctx, r.plan.settings(), r.plan.config.Service)
	if err != nil {
		r.fail("config", err.Error())
		return
	}
	defer func() {
		if err := collector.Shutdown(ctx); err != nil {
			r.fail("config", "shutdown: "+err.Error())
		}
	}()
	if err := collector.Start(ctx); err != nil {
		r.fail("config", err.Error())
		return
	}
	if r.feed(ctx) {
		r.sleepUntil(r.end)
	}
}

func (r *run) feed(ctx context.Context) bool {
	for i, body := range r.recording.requests {
		r.current = i
		export := pmetricotlp.NewExportRequest()
		if err := export.UnmarshalProto(body); err != nil {
			r.fail("request", err.Error())
			return false
		}
		r.sleepUntil(r.recording.times[i])
		if err := r.plan.source.ConsumeMetrics(ctx, export.Metrics()); err != nil {
			r.fail("request", err.Error())
			return false
		}
		// What the request set going ends before the next one arrives, however close it is.
		synctest.Wait()
	}
	return true
}

// sleepUntil also lets everything happen that is due at that very moment.
func (r *run) sleepUntil(moment int64) {
	time.Sleep(time.Until(time.Unix(0, moment)))
	synctest.Wait()
}
