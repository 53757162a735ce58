/** What other processes ask the engine to put into the log: checked here, stamped at the edge, committed, answered.
 *
 *  | topic           | type                                          | key         | what follows                     |
 *  | commands        | HaltTrading, ResumeTrading                    | portfolio, *| the command                      |
 *  | commands        | SetLimits, SubmitOrder, CancelOrder           | portfolio   | the command                      |
 *  | config          | PortfolioOpened                               | portfolio   | opened, or given other strategies|
 *  | dlq.<topic>     | ReplayDeadLetter                              | letter      | what the letter held, sent again |
 *
 *  A1  Nothing is appended that names a portfolio, symbol or strategy that there is not: a slip is told to who made it,
 *      and does not become a dead letter.
 *  A2  What passes here still passes risk. */
import type { Identity, LimitsSet, PortfolioOpened } from '@tideway/schemas'
import { builtInStrategies } from '@tideway/strategies'
import { LogError } from '@tideway/streams'
import type { AppendReply, AppendRequest, OnAppend } from '@tideway/streams/log/local'
import type { z } from 'zod'
import type { Edge } from '../engine/edge.ts'
import { StackError } from '../errors.ts'
import { deadLetter } from '../query/dead-letters.ts'
import { type ListedPortfolio, listedPortfolios, symbolsOf } from '../query/portfolios.ts'
import type { ReadableLog } from '../query/readable-log.ts'
import { listedInstruments, resendOf } from '../query/replay-letter.ts'
import { defaultLimits } from '../replay/opening.ts'
import { commandData, EVERYBODY, openingData, portfolioName, replayData } from './request-data.ts'

/** Commands come from people through this machine's own interface. */
const SOURCE = 'cli'
/** As in the opening of a log: what a paper venue needs, both ways. */
const LATENCY_MICROS = 5_000

/** Carries requests out. `edge` is undefined while the engine is being opened. */
export function requestHandler(log: ReadableLog, edge: () => Edge | undefined): OnAppend {
  return async request => {
    const opened = edge()
    if (!opened) throw new LogError('unavailable', 'The engine is being opened.', 'Try again in a moment.')
    try {
      const identities = await carryOut(request, log, opened)
      return replyOf(identities)
    } catch (error) {
      throw error instanceof StackError ? asLogError(error) : error
    }
  }
}

function replyOf(identities: readonly Identity[]): AppendReply {
  return { identities }
}

async function carryOut(request: AppendRequest, log: ReadableLog, edge: Edge): Promise<Identity[]> {
  const { topic } = request
  if (topic === 'commands') return [await command(request, log, edge)]
  if (topic === 'config') return await openPortfolio(request, log, edge)
  if (topic.startsWith('dlq.')) return [await replayLetter(request, log, edge)]
  throw refused(`Nobody but a stage or a feed writes to "${topic}".`, 'Send a command, a portfolio or a dead letter.')
}

async function command({ key, type, data }: AppendRequest, log: ReadableLog, edge: Edge): Promise<Identity> {
  if (!(type in commandData)) {
    throw refused(`There is no command "${type}".`, `There are ${Object.keys(commandData).join(', ')}.`)
  }
  const name = type as keyof typeof commandData
  const value = parsed(commandData[name], data, type)
  const portfolios = await listedPortfolios(log)
  const toAll = name === 'HaltTrading' || name === 'ResumeTrading'
  if (!(toAll && key === EVERYBODY)) {
    const portfolio = mustKnow(portfolios, key)
    if ('symbol' in value) mustTrade(portfolio, value.symbol)
  }
  return await edge.append({ topic: 'commands', type: name, key, source: SOURCE, data: value })
}

async function openPortfolio({ key, type, data }: AppendRequest, log: ReadableLog, edge: Edge): Promise<Identity[]> {
  if (type !== 'PortfolioOpened') throw refused(`"${type}" cannot be configured here.`, 'Send PortfolioOpened.')
  const name = parsed(portfolioName, key, 'the portfolio')
  const { strategies, cash } = parsed(openingData, data, type)
  const instruments = new Map((await listedInstruments(log)).map(each => [`${each.venue}:${each.symbol}`, each]))
  for (const assigned of strategies) {
    checkStrategy(assigned)
    for (const symbol of assigned.symbols) {
      if (!instruments.has(symbol)) throw unknown('symbol', symbol, instruments.keys())
    }
  }
  const before = (await listedPortfolios(log)).find(each => each.name === name)
  if (!before && !cash)
    throw unknown(
      'portfolio',
      name,
      (await listedPortfolios(log)).map(each => each.name),
    )
  if (before && cash) throw refused(`${name} is open already.`, 'Leave the cash out: it was set when it was opened.')
  const settle = instruments.get(strategies[0]?.symbols[0] ?? '')?.settle ?? 'USDT'
  const opened: PortfolioOpened = before
    ? { ...before.opened, strategies }
    : { account: 'paper', currency: settle, cash: cash ?? defaultCash(), latencyMicros: LATENCY_MICROS, strategies }
  const common = { topic: 'config', key: name, source: SOURCE } as const
  const identities = [await edge.append({ ...common, type: 'PortfolioOpened', data: opened })]
  if (!before) {
    const limits: LimitsSet = defaultLimits
    identities.push(await edge.append({ ...common, type: 'LimitsSet', data: limits }))
  }
  return identities
}

function defaultCash(): never {
  throw refused('A new portfolio needs cash.', 'Say how much.')
}

/** A1 */
function checkStrategy({ name, parameters }: z.infer<typeof openingData>['strategies'][number]): void {
  const strategy = builtInStrategies.find(each => each.name === name)
  if (!strategy) {
    throw unknown(
      'strategy',
      name,
      builtInStrategies.map(each => each.name),
    )
  }
  for (const [parameter, value] of Object.entries(parameters)) {
    const known = strategy.parameters[parameter]
    if (!known) throw unknown(`parameter of ${name}`, parameter, Object.keys(strategy.parameters))
    if (!(value >= known.min && value <= known.max)) {
      throw refused(
        `${parameter} of ${name} cannot be ${value}.`,
        `Choose from ${known.min} to ${known.max}: ${known.about}.`,
      )
    }
  }
}

async function replayLetter({ key, type, data }: AppendRequest, log: ReadableLog, edge: Edge): Promise<Identity> {
  if (type !== 'ReplayDeadLetter') throw refused(`"${type}" is nothing to do with a dead letter.`, 'Replay it.')
  const { input } = parsed(replayData, data, type)
  const letter = await deadLetter(log, key)
  return await edge.append(await resendOf(log, letter, { input }))
}

function mustKnow(portfolios: readonly ListedPortfolio[], name: string): ListedPortfolio {
  const found = portfolios.find(each => each.name === name)
  if (found) return found
  throw unknown(
    'portfolio',
    name,
    portfolios.map(each => each.name),
  )
}

function mustTrade({ name, opened }: ListedPortfolio, symbol: string): void {
  const symbols = symbolsOf(opened)
  if (symbols.includes(symbol)) return
  throw new LogError(
    'not-found',
    `${name} does not trade "${symbol}".`,
    `It trades ${symbols.join(', ') || 'nothing'}.`,
  )
}

function unknown(what: string, name: string, known: Iterable<string>): LogError {
  return new LogError('not-found', `There is no ${what} "${name}".`, `There are ${[...known].join(', ') || 'none'}.`)
}

function refused(message: string, remedy: string): LogError {
  return new LogError('refused', message, remedy)
}

function parsed<T extends z.ZodType>(schema: T, data: unknown, what: string): z.infer<T> {
  const result = schema.safeParse(data)
  if (result.success) return result.data
  const issues = result.error.issues.map(({ path, message }) => [...path, message].join(' '))
  throw refused(`${what}: ${issues.join('; ')}.`, 'Correct it.')
}

function asLogError({ code, message, remedy, cause }: StackError): LogError {
  return new LogError(code === 'not-found' ? 'not-found' : 'refused', message, remedy, {}, cause)
}
