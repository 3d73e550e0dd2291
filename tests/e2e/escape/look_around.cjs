// A build that tries to get out of its sandbox and publishes what it found: dist/report.json. What to go
// for is in targets.json. Every attempt of `open` is one that must not succeed; `controls` must.
const {spawnSync} = require('node:child_process');
const dgram = require('node:dgram');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const zlib = require('node:zlib');

const targets = JSON.parse(fs.readFileSync('targets.json', 'utf8'));
const report = {open: {}, refused: {}, controls: {}, facts: {}};

function attempt(name, action) {
  try {
    report.open[name] = String(action()).slice(0, 200);
  } catch (error) {
    report.refused[name] = error.code || error.message;
  }
}

function control(name, action) {
  try {
    report.controls[name] = Boolean(action());
  } catch (error) {
    report.controls[name] = error.code || error.message;
  }
}

function files() {
  for (const file of targets.files) {
    attempt('read ' + file, () => fs.readFileSync(file));
    attempt('read through the first process ' + file, () => fs.readFileSync('/proc/1/root' + file));
    attempt('read through dots ' + file, () => fs.readFileSync('/work/' + '../'.repeat(12) + file));
  }
  for (const folder of targets.folders) {
    attempt('list ' + folder, () => fs.readdirSync(folder));
    attempt('list through the first process ' + folder, () => fs.readdirSync('/proc/1/root' + folder));
    // No path leads there, so there is nothing to link to, either.
    attempt('hard link of ' + folder, () => fs.linkSync(folder, 'link'));
  }
  for (const file of ['/etc/passwd', '/usr/bin/env', '/etc/resolv.conf']) {
    attempt('write ' + file, () => fs.writeFileSync(file, 'x', {flag: 'a'}));
    attempt('hard link of ' + file, () => fs.linkSync(file, 'link'));
  }
  for (const folder of ['/', '/usr', '/usr/local/bin', '/etc', '/proc', '/dev', '/sys']) {
    attempt('write into ' + folder, () => fs.writeFileSync(path.join(folder, 'door'), 'x'));
  }
  control('writes to /work', () => { fs.writeFileSync('own', 'x'); fs.linkSync('own', 'own2'); return true; });
}

function kernel() {
  const writable = [
    '/proc/sysrq-trigger', '/proc/sys/kernel/core_pattern', '/proc/sys/kernel/modprobe',
    '/proc/sys/vm/drop_caches', '/proc/sys/net/ipv4/ip_forward', '/proc/sys/kernel/hostname', '/proc/1/oom_score_adj',
    '/proc/self/uid_map', '/sys/kernel/uevent_helper',
    '/sys/fs/cgroup/cgroup.procs', '/sys/fs/cgroup/memory/memory.limit_in_bytes', '/sys/fs/cgroup/release_agent',
  ];
  for (const file of writable) {
    attempt('write ' + file, () => fs.writeFileSync(file, '1'));
  }
  const readable = [
    '/proc/kcore', '/proc/kmsg', '/proc/keys', '/proc/cmdline', '/proc/config.gz', '/proc/sched_debug',
    '/proc/timer_list', '/proc/iomem', '/proc/modules', '/proc/kallsyms', '/proc/interrupts', '/proc/diskstats',
    '/proc/partitions', '/proc/1/environ', '/proc/1/mem', '/proc/1/maps', '/dev/mem', '/dev/kmem', '/dev/kmsg', '/dev/port',
    '/dev/vda', '/dev/sda', '/dev/loop0', '/dev/loop-control', '/dev/net/tun', '/dev/fuse', '/dev/kvm',
    '/dev/tty', '/dev/console',
  ];
  for (const file of readable) {
    attempt('read ' + file, () => {
      const handle = fs.openSync(file, 'r');
      try {
        const bytes = fs.readSync(handle, Buffer.alloc(64), 0, 64, 0);
        if (bytes === 0) throw new Error('empty');
        return bytes + ' bytes';
      } finally {
        fs.closeSync(handle);
      }
    });
  }
  attempt('list /sys', () => {
    const names = fs.readdirSync('/sys');
    if (names.length === 0) throw new Error('empty');
    return names;
  });
  // /proc/self/fd is also what a runtime that leaks a descriptor of the host would show.
  report.facts.descriptors = fs.readdirSync('/proc/self/fd')
    .map((name) => { try { return fs.readlinkSync('/proc/self/fd/' + name); } catch { return null; } })
    .filter((link) => link !== null);
  report.facts.devices = fs.readdirSync('/dev').sort();
  report.facts.mounts = fs.readFileSync('/proc/self/mounts', 'utf8').split('\n');
  report.facts.status = fs.readFileSync('/proc/self/status', 'utf8');
}

function processes() {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  report.facts.processes = pids.map((pid) => {
    try { return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' '); } catch { return ''; }
  });
  report.facts.environments = pids.flatMap((pid) => {
    try { return fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0'); } catch { return []; }
  });
  report.facts.unixSockets = fs.readFileSync('/proc/net/unix', 'utf8');
  for (const pid of ['1', ...targets.pids]) {
    attempt('signal ' + pid, () => process.kill(Number(pid), 'SIGKILL'));
    attempt('environment of ' + pid, () => fs.readFileSync(`/proc/${pid}/environ`));
  }
  report.facts.environment = process.env;
}

// setuid: a copy of a program of our own, and the host's own programs with that bit.
function privileges() {
  for (const command of [['su', '-c', 'id'], ['mount', '-t', 'tmpfs', 'none', '/tmp'], ['newgrp', 'root'],
                         ['chroot', '/tmp', 'true'], ['nsenter', '-t', '1', '-m', 'true'], ['unshare', '-r', 'true'],
                         ['dmesg'], ['ip', 'link', 'add', 'door', 'type', 'dummy'], ['nft', 'flush', 'ruleset']]) {
    attempt(command.join(' '), () => {
      const ended = spawnSync(command[0], command.slice(1), {encoding: 'utf8', input: '', timeout: 5000,
        env: {...process.env, PATH: process.env.PATH + ':/usr/sbin'}});
      if (ended.error) throw ended.error;
      if (ended.status !== 0) throw new Error('refused');
      return ended.stdout;
    });
  }
}

function systemCalls() {
  fs.writeFileSync('/work/probe', zlib.gunzipSync(Buffer.from(fs.readFileSync('probe.base64', 'utf8'), 'base64')));
  fs.chmodSync('/work/probe', 0o4755);
  const ended = spawnSync('/work/probe', targets.pids, {encoding: 'utf8', timeout: 20000});
  report.facts.probe = ended.stdout;
  report.facts.probeEnd = {status: ended.status, signal: ended.signal, said: ended.stderr};
}

function connection(name, options) {
  return new Promise((resolve) => {
    const socket = net.connect(options);
    const end = (into, value) => { report[into][name] = value; socket.destroy(); resolve(); };
    socket.setTimeout(4000, () => end('refused', 'no answer'));
    socket.on('connect', () => end(name.startsWith('control ') ? 'controls' : 'open', true));
    socket.on('error', (error) => end('refused', error.code));
  });
}

function datagram(host, port) {
  return new Promise((resolve) => {
    const socket = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4');
    const end = () => { socket.close(); resolve(); };
    socket.on('error', end);
    socket.send('door', port, host, () => setTimeout(end, 100));  // whether it arrives, the host sees
  });
}

async function network() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.on('listening', resolve));
  await connection('control loopback', {host: '127.0.0.1', port: server.address().port});
  server.close();
  const tries = targets.tcp.map(([host, port]) => connection(`tcp ${host} ${port}`, {host, port}));
  tries.push(...targets.unix.map((file) => connection('unix ' + file, {path: file})));
  tries.push(...targets.abstract.map((name) => connection('abstract ' + name, {path: '\0' + name})));
  tries.push(...targets.udp.map(([host, port]) => datagram(host, port)));
  tries.push(...targets.names.map((name) => connection('name ' + name, {host: name, port: 80})));
  await Promise.all(tries);
}

async function main() {
  files();
  kernel();
  processes();
  privileges();
  systemCalls();
  await network();
  fs.mkdirSync('dist', {recursive: true});
  fs.writeFileSync('dist/index.html', '<title>looked around</title>');
  fs.writeFileSync('dist/report.json', JSON.stringify(report));
}

main().catch((error) => { console.error(error); process.exit(1); });
