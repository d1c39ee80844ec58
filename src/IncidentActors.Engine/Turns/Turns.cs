using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Halts;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Engine.Turns;

/// <summary>
/// Takes turns: load, decide, commit, answer. The commit is the only thing that counts; whatever this class knows from memory is
/// checked in it again (versions, keys, effects, claims, halts), and a turn that was decided on stale knowledge is decided anew.
/// </summary>
public sealed class Turns : IAsyncDisposable
{
    /// <summary>Lost races in a row after which a caller is told to come again.</summary>
    private const int MostAttempts = 100;

    private readonly IJournal journal;
    private readonly EngineOptions options;
    private readonly StateCache cache;
    private readonly ActorLocks locks = new();
    private readonly CommitQueue queue;
    private readonly TurnRecords records;

    public Turns(IJournal journal, EngineOptions options)
    {
        this.journal = journal;
        this.options = options;
        cache = new StateCache(options.CachedStates);
        Metrics = new NodeMetrics((journal as IJournalFigures)?.System ?? "memory");
        queue = new CommitQueue(journal, options.QueueCapacity, options.MostPerCommit, Metrics);
        records = new TurnRecords(options);
        Gate = new HaltGate(options.Time);
        Nodes = new ThisNode(Gate, options.Node);
    }

    public HaltGate Gate { get; }
    public NodeMetrics Metrics { get; }

    /// <summary>When this node last told the journal that it is alive, or null: it never has.</summary>
    public DateTimeOffset? BeatAt { get; internal set; }

    /// <summary>Turns that wait to be committed.</summary>
    public int Waiting => queue.Length;

    /// <summary>Who says which nodes have closed their gates; an engine of several nodes sets its own before the first turn.</summary>
    public INodeConfirmations Nodes { get; set; }
    internal IJournal Journal => journal;
    internal EngineOptions Options => options;

    /// <summary>Effects that became due with a commit of this node and that it has leased; the dispatcher listens.</summary>
    internal event Action<ImmutableArray<EffectRecord>>? EffectsCommitted;

    /// <summary>A commit of this node has raised or lifted a halt. Handlers return at once and throw nothing.</summary>
    public event Action<HaltRecord>? HaltCommitted;

    /// <summary>This node has committed a turn that changed something. Handlers return at once and throw nothing.</summary>
    public event Action<CommittedTurn>? Committed;

    /// <summary>Fills in what only the engine knows of a call: time and randomness.</summary>
    public Call Stamp(Call call) => call with { At = options.Time.GetUtcNow(), Seed = options.Seeds() };

    /// <summary>Reads the active halts anew: at start, and when another node has raised or lifted one.</summary>
    public async Task RefreshHaltsAsync(CancellationToken cancel) => Gate.Learn(await journal.HaltsAsync(null, cancel));

    internal async Task<TurnResult> TakeAsync(TurnRequest request, CancellationToken cancel = default)
    {
        if (!Metrics.Timed) return await TryAsync(request, cancel);
        var began = Stopwatch.GetTimestamp();
        var result = await TryAsync(request, cancel);
        Metrics.Answered(result.Outcome, Stopwatch.GetElapsedTime(began));
        return result;
    }

    private async Task<TurnResult> TryAsync(TurnRequest request, CancellationToken cancel)
    {
        try
        {
            using var held = await locks.EnterAsync(request.Home, cancel);
            for (var attempt = 0; attempt < MostAttempts; attempt++)
            {
                if (await AttemptAsync(request with { Call = Stamp(request.Call) }, cancel) is { } result) return result;
            }

            return new TurnResult(new Unavailable(
                $"{request.Home} is contended; send the command again with the same key.", TimeSpan.FromSeconds(1), Known: true));
        }
        catch (JournalUnavailableException error)
        {
            cache.Drop(request.Home);
            return new TurnResult(Unavailable(error));
        }
    }

    /// <summary>What a caller is told when the store failed.</summary>
    internal static Unavailable Unavailable(JournalUnavailableException error) => new(error.Message, TimeSpan.FromSeconds(1), error.NotApplied);

    /// <summary>The actor's state as this node can see it now: from the journal, never only from memory.</summary>
    internal async Task<Known> ReadAsync(ActorId actor, CancellationToken cancel)
    {
        var stored = await journal.LoadAsync(actor, cancel);
        return stored is null ? default : new Known(stored.Version, States.Read(actor.Kind, stored.Document.Span));
    }

    /// <summary>One attempt; null: it was decided on stale knowledge and must be decided again.</summary>
    private async Task<TurnResult?> AttemptAsync(TurnRequest request, CancellationToken cancel)
    {
        var scope = new TurnScope(journal, cache);
        var home = await scope.LoadAsync(request.Home, cancel);
        if (!request.Call.BySystem) await scope.LoadAsync(ActorId.Agent(request.Call.By), cancel);
        foreach (var hint in request.Hints) await scope.LoadAsync(hint, cancel);
        var world = new World(request.Call, options.Policy, options.Roster, options.Flows, scope)
        {
            Conditions = options.Conditions,
            Runbooks = options.Runbooks,
        };
        var decision = await scope.DecideAsync(() => request.Decide(home.State, world), cancel);
        var subject = decision.Rejected is null ? await scope.DecideAsync(() => request.SubjectOf(home.State, world, decision), cancel) : null;
        if (decision.Rejected is { } rejected)
        {
            if (await FirstAnswerAsync(request, cancel) is { } first) return first;
            if (await IsStaleAsync(scope, cancel)) return null;
            if (request.Consumes is null) return new TurnResult(rejected);
            decision = new Decision();
            var consumed = await CommitAsync(request, decision, scope, null, home, cancel);
            return consumed is null ? null : consumed with { Outcome = consumed.Consumed ? rejected : consumed.Outcome };
        }

        foreach (var change in decision.Changes)
        {
            // An id made from the turn's random seed is taken: the next attempt has another seed.
            if ((await scope.LoadAsync(change.Actor, cancel)).Version > 0 && change.Events is [IBirth, ..]) return null;
        }

        if (Gate.Covering(subject) is not null)
        {
            // The news of a lift may have been lost on its way to this node.
            await RefreshHaltsAsync(cancel);
            if (Gate.Covering(subject) is { } halt) return await FirstAnswerAsync(request, cancel) ?? Halted(halt, request);
        }

        return await CommitAsync(request, decision, scope, subject, home, cancel);
    }

    private async Task<TurnResult?> CommitAsync(
        TurnRequest request, Decision decision, TurnScope scope, Subject? subject, Known home, CancellationToken cancel)
    {
        var (record, after) = records.Make(request, decision, scope.Seen, subject);
        var state = request.Answering is { } other
            ? after.GetValueOrDefault(other, scope.Seen.GetValueOrDefault(other))
            : after.GetValueOrDefault(request.Home, home);
        var written = new Lazy<ReadOnlyMemory<byte>>(() => Answers.Write(request.Answer?.Invoke(state.State, state.Version, decision)));
        ReadOnlyMemory<byte> Answer() => written.Value;
        if (request.Call.Key is { } key)
            record = record with { Answer = new KeyedAnswer(ScopedKey(request.Call, key), Hash(request), written.Value) };
        if (record.Appends.IsEmpty && record.Effects.IsEmpty && record.Cancels.IsEmpty && record.Answer is null && record.Consumes is null)
            return await IsStaleAsync(scope, cancel) ? null : new TurnResult(new Accepted(Answer, state.Version));

        var began = options.Time.GetUtcNow();
        switch (await SendAsync(record, subject))
        {
            case Committed committed:
                Tell(record, after, new CommittedTurn(request.Call, decision, scope.Seen, after, began, options.Time.GetUtcNow()));
                return new TurnResult(new Accepted(Answer, state.Version, position: committed.Position), Consumed: true);
            case Stale stale:
                foreach (var seen in scope.Seen.Keys) cache.Drop(seen);
                cache.Drop(stale.Actor);
                return null;
            case Fenced fenced:
                await RefreshHaltsAsync(cancel);
                return await FirstAnswerAsync(request, cancel) ?? Halted(fenced.Halt, request);
            case KeyKnown known:
                return Replay(request, known.Answer);
            case AlreadyConsumed:
                return new TurnResult(new Accepted(Answer, state.Version));
            case ClaimTaken taken:
                return new TurnResult(Rejected.Conflict(Rules.IncidentStatus, $"{taken.Holder.Key} has it already."), Taken: taken);
            case var result:
                throw new InvalidOperationException($"no commit result {result.GetType().Name}");
        }
    }

    /// <summary>Through the gate to the journal; fenced by either.</summary>
    private async Task<CommitResult> SendAsync(TurnRecord record, Subject? subject)
    {
        using var inFlight = Gate.Enter(subject);

        // Looked at again now that the turn counts as in flight: whoever closes the gate either sees it or is seen.
        if (Gate.Covering(subject) is { } halt) return new Fenced(halt);
        try
        {
            return await queue.CommitAsync(record);
        }
        catch (JournalUnavailableException)
        {
            foreach (var append in record.Appends) cache.Drop(append.Actor);
            throw;
        }
    }

    /// <summary>Everybody on this node learns what has been committed.</summary>
    private void Tell(TurnRecord record, IReadOnlyDictionary<ActorId, Known> after, CommittedTurn turn)
    {
        foreach (var (actor, known) in after) cache.Put(actor, known);
        if (!record.Appends.IsEmpty)
        {
            if (Metrics.Enabled) Metrics.Happened(turn);
            Committed?.Invoke(turn);
        }

        if (record.Halt is { } changed)
        {
            Gate.Learn(changed);
            HaltCommitted?.Invoke(changed);
        }

        if (!record.Effects.IsEmpty) EffectsCommitted?.Invoke(record.Effects);
    }

    /// <summary>A refusal is only true of the present: what it was decided on is read again before it is said.</summary>
    private async Task<bool> IsStaleAsync(TurnScope scope, CancellationToken cancel)
    {
        var stale = false;
        foreach (var (actor, known) in scope.Seen)
        {
            var stored = await journal.LoadAsync(actor, cancel);
            if ((stored?.Version ?? 0) == known.Version) continue;
            cache.Drop(actor);
            stale = true;
        }

        return stale;
    }

    /// <summary>The answer that was given under the call's key before, or null: there is none.</summary>
    internal async Task<TurnResult?> FirstAnswerAsync(TurnRequest request, CancellationToken cancel) =>
        request.Call.Key is { } key && await journal.AnswerAsync(ScopedKey(request.Call, key), cancel) is { } known ? Replay(request, known) : null;

    /// <summary>The first answer to what was sent under the call's key, whatever it led to (<see cref="Call.Sent"/>); null: there is none.</summary>
    internal async Task<Outcome?> FirstAnswerAsync(Call call, CancellationToken cancel) =>
        call is { Key: { } key, Sent: { } sent } && await journal.AnswerAsync(ScopedKey(call, key), cancel) is { } known
            ? Replay(key, sent, known)
            : null;

    private static TurnResult Replay(TurnRequest request, StoredAnswer known) => new(Replay(request.Call.Key!, Hash(request), known));

    private static Outcome Replay(string key, string hash, StoredAnswer known) =>
        known.RequestHash == hash ? new Accepted(() => known.Json, 0, replayed: true) : Rejected.KeyReused(key);

    private TurnResult Halted(HaltRecord halt, TurnRequest request) => new(
        Overriding.Hint(
            new Rejected(
                Rules.Halted,
                $"{halt.Id} halts {halt.Scope} since {halt.RaisedAt:u}, raised by {halt.RaisedBy}: {halt.Reason}. Nothing was changed; "
                + "send it again with the same key when the halt is lifted.",
                ["inbox", "halt_status", "halt_ack"]) { Kind = RejectionKind.Halted, Halt = halt.Notice() },
            new AgentInfo(request.Call.By, options.Roster.RolesOf(request.Call.By), Override: request.Call.Override)),
        Fenced: halt);

    private static string ScopedKey(Call call, string key) => $"{call.By}:{key}";

    private static string Hash(TurnRequest request)
    {
        if (request.Call.Sent is { } sent) return sent;
        var command = JsonSerializer.SerializeToUtf8Bytes(request.Asked ?? request.Command, CoreJson.Options.GetTypeInfo(typeof(ICommand)));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(request.Identity));
        hash.AppendData(command);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public async ValueTask DisposeAsync()
    {
        await queue.DisposeAsync();
        Metrics.Dispose();
    }
}
