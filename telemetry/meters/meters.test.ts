import { describe, expect, it } from 'vitest'
import { createTelemetry } from '../process-telemetry.ts'
import { silence } from '../silence.ts'
import { feedMeter } from './feed.ts'
import { stageMeter } from './stage.ts'
import { taskMeter } from './task.ts'

const quiet = { log: { service: 'test', level: 'silent' as const }, process: false }

describe('[MON-01] metrics of stages, tasks and feeds', () => {
  it('are what Prometheus reads, in base units', async () => {
    const telemetry = createTelemetry(quiet)
    const stage = stageMeter(telemetry, 'risk')
    stage.events(1000, 12)
    stage.events(500, 3)
    stage.latency(1500, 10)
    stage.refused('off-grid')
    const task = taskMeter(telemetry, 'market-0')
    task.committed(1000, 2_000)
    task.aborted('fenced')
    task.lag(42)
    task.watermarkDelay(150_000)
    task.state(2048, 3)
    task.restored(2_500_000)
    const feed = feedMeter(telemetry, 'binance-btcusdt')
    feed.received(10)
    feed.undecodable('not-json')
    feed.retried()
    feed.breaker('open')

    const { text, contentType } = await telemetry.expose()
    expect(contentType).toContain('text/plain')
    for (const line of [
      'tideway_stage_events_in_total{stage="risk"} 1500',
      'tideway_stage_events_out_total{stage="risk"} 15',
      'tideway_stage_errors_total{stage="risk",code="off-grid"} 1',
      'tideway_stage_latency_seconds_bucket{le="0.001",stage="risk"} 0',
      'tideway_stage_latency_seconds_bucket{le="0.0025",stage="risk"} 10',
      'tideway_stage_latency_seconds_bucket{le="+Inf",stage="risk"} 10',
      'tideway_stage_latency_seconds_sum{stage="risk"} 0.015',
      'tideway_stage_latency_seconds_count{stage="risk"} 10',
      'tideway_task_records_total{task="market-0"} 1000',
      'tideway_task_commit_seconds_count{task="market-0"} 1',
      'tideway_task_aborts_total{task="market-0",code="fenced"} 1',
      'tideway_task_lag_records{task="market-0"} 42',
      'tideway_task_watermark_delay_seconds{task="market-0"} 0.15',
      'tideway_task_state_bytes{task="market-0"} 2048',
      'tideway_task_state_entries{task="market-0"} 3',
      'tideway_task_restore_seconds{task="market-0"} 2.5',
      'tideway_feed_messages_total{feed="binance-btcusdt"} 10',
      'tideway_feed_errors_total{feed="binance-btcusdt",code="not-json"} 1',
      'tideway_feed_retries_total{feed="binance-btcusdt"} 1',
      'tideway_feed_breaker_state{feed="binance-btcusdt"} 2',
      '# TYPE tideway_stage_events_in_total counter',
      '# TYPE tideway_stage_latency_seconds histogram',
      '# TYPE tideway_task_lag_records gauge',
    ]) {
      expect(text.split('\n')).toContain(line)
    }
  })

  it('read the same at the second scrape', async () => {
    const telemetry = createTelemetry(quiet)
    stageMeter(telemetry, 'risk').events(7, 1)
    expect(await telemetry.expose()).toEqual(await telemetry.expose())
  })

  it('add up when the same stage asks for its meter again', () => {
    const telemetry = createTelemetry(quiet)
    stageMeter(telemetry, 'risk').events(7, 1)
    stageMeter(telemetry, 'risk').events(7, 1)
    stageMeter(telemetry, 'book').events(1, 1)
    const folded = telemetry.readings().filter(reading => reading.name === 'tideway_stage_events_in_total')
    expect(folded).toEqual([
      { kind: 'counter', name: 'tideway_stage_events_in_total', labels: { stage: 'risk' }, value: 14 },
      { kind: 'counter', name: 'tideway_stage_events_in_total', labels: { stage: 'book' }, value: 1 },
    ])
  })

  it('give a screen the median and the 99th percentile', () => {
    const telemetry = createTelemetry(quiet)
    const stage = stageMeter(telemetry, 'risk')
    stage.latency(80, 90)
    stage.latency(9_000, 10)
    const [reading] = telemetry.readings().filter(({ kind }) => kind === 'timing')
    expect(reading).toMatchObject({ count: 100, sumMicros: 97_200 })
    if (reading?.kind !== 'timing') throw new Error('no timing')
    expect(reading.medianMicros).toBeGreaterThan(50)
    expect(reading.medianMicros).toBeLessThanOrEqual(100)
    expect(reading.p99Micros).toBeGreaterThan(5_000)
    expect(reading.p99Micros).toBeLessThanOrEqual(10_000)
  })

  it('cost nothing where nobody listens', () => {
    const stage = stageMeter(silence, 'risk')
    stage.events(1, 1)
    stage.latency(1)
    stage.refused('any')
    taskMeter(silence, 'any').committed(1, 1)
    feedMeter(silence, 'any').received(1)
    silence.log.with({ a: 1 }).error('nothing.said', { error: new Error('unheard') })
  })

  it('include the process itself', async () => {
    const { text } = await createTelemetry({ log: quiet.log }).expose()
    expect(text).toContain('process_resident_memory_bytes')
    expect(text).toContain('nodejs_eventloop_lag')
  })
})
