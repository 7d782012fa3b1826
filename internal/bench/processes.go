package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// sampleInterval is how often processes are looked at. The kernel records the peak of the memory and
// the CPU time so far, so only what follows the last sample is missed.
const sampleInterval = 25 * time.Millisecond

// clockTick is the unit of CPU times in /proc.
const clockTick = 10 * time.Millisecond

// processWatcher watches the processes that run one binary.
type processWatcher struct {
	binary string
	of     func([]int) int // what to make of the peaks of the processes
	done   chan struct{}
	result chan resourceUsage
}

// resourceUsage is what the processes took. It is zero without /proc.
type resourceUsage struct {
	peakKiB int // memory
	cpu     time.Duration
}

func watchProcesses(binary string, of func([]int) int) *processWatcher {
	w := &processWatcher{binary: binary, of: of, done: make(chan struct{}), result: make(chan resourceUsage)}
	go w.watch()
	return w
}

// stop returns the highest memory of all samples, and the CPU time of all processes.
func (w *processWatcher) stop() resourceUsage {
	close(w.done)
	return <-w.result
}

func (w *processWatcher) watch() {
	tick := time.NewTicker(sampleInterval)
	defer tick.Stop()
	var total resourceUsage
	cpu := map[string]time.Duration{}
	for {
		select {
		case <-w.done:
			for _, one := range cpu {
				total.cpu += one
			}
			w.result <- total
			return
		case <-tick.C:
			total.peakKiB = max(total.peakKiB, w.sample(cpu))
		}
	}
}

// sample returns the memory, and notes the CPU time of each process.
func (w *processWatcher) sample(cpu map[string]time.Duration) int {
	peaks := []int{0}
	links, _ := filepath.Glob("/proc/[0-9]*/exe") // the pattern is valid
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && target == w.binary {
			process := filepath.Dir(link)
			peaks = append(peaks, peakMemory(process))
			cpu[process] = max(cpu[process], cpuTime(process))
		}
	}
	return w.of(peaks)
}

func sum(all []int) (total int) {
	for _, one := range all {
		total += one
	}
	return total
}

func peakMemory(process string) int {
	status, err := os.ReadFile(filepath.Join(process, "status"))
	if err != nil {
		return 0 // it has just ended
	}
	_, after, _ := bytes.Cut(status, []byte("VmHWM:"))
	line, _, _ := bytes.Cut(after, []byte(" kB"))
	peak, _ := strconv.Atoi(string(bytes.TrimSpace(line)))
	return peak
}

// cpuTime is the time in user and kernel mode: the 14th and 15th field, the 2nd of which may contain
// spaces, and ends with a parenthesis.
func cpuTime(process string) (total time.Duration) {
	stat, err := os.ReadFile(filepath.Join(process, "stat"))
	if err != nil {
		return 0
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0
	}
	for _, field := range fields[11:13] {
		ticks, _ := strconv.Atoi(string(field))
		total += time.Duration(ticks) * clockTick
	}
	return total
}
