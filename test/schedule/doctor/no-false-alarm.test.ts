/** Crontabs as people write them, in which nothing is wrong. */

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../../harness.ts';
import { examine } from './examination.ts';

let home = '';

const PROGRAMS =
  'aws certbot curl docker find git gzip invoke-rc.d logger logrotate mail mysqldump nginx nice node pg_dump php psql ' +
  'python3 restic rsync run-parts ssh systemctl tar wget sudo backup.sh sync.py rotate check.pl';
const FOLDERS = ['etc/cron.daily', 'log', 'app/bin', 'www', 'backups', 'logs', '.cache'];
const FILES = [
  '.profile',
  'app/manage.py',
  'app/artisan',
  'app/bin/job',
  'app/cron.php',
  'www/wp-cron.php',
  'app/.env',
];

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'doctor-'));
  for (const name of ['bin', ...FOLDERS]) mkdirSync(join(home, name), { recursive: true });
  for (const name of [...PROGRAMS.split(' ').map((program) => `bin/${program}`), ...FILES]) {
    writeFileSync(join(home, name), name.endsWith('.py') ? '#!/usr/bin/env python3\n' : '');
    chmodSync(join(home, name), 0o755);
  }
});

afterAll(() => rmSync(home, { recursive: true }));

it.each([
  '17 * * * * cd / && run-parts --report ~/etc/cron.daily',
  '25 6 * * * test -x ~/usr/sbin/anacron || { cd / && run-parts --report ~/etc/cron.daily; }',
  '30 7 * * * [ -x ~/etc/init.d/anacron ] && if [ ! -d /run/systemd/system ]; then ~/usr/sbin/invoke-rc.d anacron start >/dev/null; fi || true',
  '5-55/10 * * * * command -v debian-sa1 > /dev/null && debian-sa1 1 1',
  '57 0 * * 0 if [ -x ~/usr/share/mdadm/checkarray ] && [ $(date +\\%d) -le 7 ]; then ~/usr/share/mdadm/checkarray --cron --all --idle --quiet; fi',
  `0 */12 * * * test -x ~/usr/bin/certbot && perl -e 'sleep int(rand(3600))' && ~/usr/bin/certbot -q renew`,
  '0 3 * * * certbot renew --quiet --post-hook "systemctl reload nginx"',
  '0 2 * * * mysqldump --all-databases | gzip > ~/backups/db-$(date +\\%Y-\\%m-\\%d).sql.gz',
  '30 1 * * * pg_dump -Fc mydb > backups/mydb.dump 2>> log/pg.log',
  '0 4 * * * find ~/backups -type f -mtime +7 -exec rm {} \\;',
  `15 4 * * 0 find /tmp -name 'sess_*' -mmin +1440 -print0 | xargs -0 -r rm --`,
  '*/5 * * * * cd ~/app && php artisan schedule:run >> /dev/null 2>&1',
  '* * * * * cd ~/app && ./bin/job && ./bin/made-by-job',
  '*/15 * * * * flock -n /tmp/sync.lock ~/bin/sync.py --quiet || logger -t sync "still running"',
  '@daily nice -n 19 ionice -c3 rsync -a --delete ~/www/ backup@example.org:/srv/www/',
  '@hourly wget -q -O /dev/null http://localhost/cron?key=abc\\%20def',
  `0 6 * * 1-5 curl -fsS -m 10 --retry 5 -o /dev/null https://hc-ping.com/uuid`,
  '0 0 1 * * docker system prune -af > log/prune.log 2>&1',
  '@reboot sleep 30 && docker compose -f ~/app/docker-compose.yml up -d',
  '0 5 * * * . ~/.profile; backup-from-profile "$BACKUP_TARGET"',
  '0 5 * * * . ./app/.env && restic -r "$RESTIC_REPOSITORY" backup ~/www',
  '0 5 * * * set -a; . ~/app/.env; set +a; python3 ~/app/manage.py clearsessions',
  '*/10 * * * * (echo start; check.pl; echo "done at `date`") >> log/check.log 2>&1 &',
  `0 9 * * 1 echo "Weekly report" | mail -s "Report for $LOGNAME" me@example.org`,
  `30 8 * * * for host in a b c; do ssh "$host" 'df -h | awk "{print \\$5}"' || echo "$host is down"; done`,
  '0 1 * * * tar czf "backups/home-$(date +\\%u).tgz" -C ~ www && find backups -name "*.tgz" -size 0 -delete',
  '*/30 * * * * while read -r url; do curl -fsS "$url" > /dev/null || echo "$url"; done <<< \'http://a\'',
  '0 22 * * 1-5 mail -s "It is 10pm" joe%Joe,%%Where are your kids?%',
  '0 7 * * * DISPLAY=:0 node -e "console.log(1)"',
  '0 7 * * * export NVM_DIR=~/.nvm; [ -s "$NVM_DIR/nvm.sh" ] && . "$NVM_DIR/nvm.sh"; node ~/app/cron.js',
  '0 0 * * * psql -c "DELETE FROM t WHERE day < now() - interval \'30 days\'" > /dev/null',
  `45 23 * * 6 [ "$(date -d tomorrow +\\%d)" = 01 ] && backup.sh --monthly || backup.sh --weekly`,
  '0 12 * * * aws s3 sync --only-show-errors ~/backups "s3://bucket/$(hostname)/"',
  '* * * * * git -C app pull -q && systemctl restart app',
  '0 3 * * * (cd ~/www && php wp-cron.php) 2>&1 | logger -t wp-cron',
  "0 3 * * * timeout -k 10 3600 bash -c 'cd ~/app && python3 manage.py run | tee -a ~/log/run.log'",
  '0 0 * * * printf "\\%s\\n" "$HOME" >> log/printf.log',
  '0 0 * * * test "$(id -u)" = 0 && sudo -u www-data php ~/app/cron.php',
  '0 0 * * * X=$(( $(date +\\%s) / 60 \\% 2 )); [ $X -eq 0 ] && backup.sh',
])('%s', (line) => {
  const [fields, command] = [
    line.match(/^(?:@\w+|(?:\S+ ){5})/)?.[0] ?? '',
    line.replace(/^(?:@\w+|(?:\S+ ){5})/, ''),
  ];
  const text = `HOME=${home}\nPATH=${home}/bin:/usr/bin:/bin\nMAILTO=me\n${fields}${command.replace(/~(?=\/usr|\/etc\/init)/g, '/none')}\n`;
  const gone = /docker-compose|cron\.js/;
  expect(examine(text).filter((warning) => !gone.test(warning))).toEqual([]);
});

it('crontab.example, where it was changed as it says', () => {
  const example = readFileSync(join(root, 'crontab.example'), 'utf8')
    .replaceAll('/home/you/etlutils', root)
    .replaceAll('/home/you/etl', home)
    .replace(/^PATH=.*/m, (line) => `${line}:${dirname(process.execPath)}`)
    .replace(/^#(?=\d)/gm, '');
  expect(example).toMatch(/^\* \* \* \* \* {2}.*Temperature_ETL.sh\n/m);
  expect(example).toMatch(/^10 0 \* \* \* {2}cd /m);
  expect(examine(example)).toEqual([]);
});

it('the scripts of this project', () => {
  const scripts = readdirSync(join(root, 'scripts')).filter((name) => name.endsWith('.sh'));
  expect(scripts.length).toBeGreaterThan(4);
  expect(examine(scripts.map((name) => `* * * * * ${root}/scripts/${name}\n`).join(''))).toEqual([]);
});
