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
using IncidentActors.Engine.Redaction;
using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Engine.Turns;

/// <summary>
/// Takes turns: load, decide, commit, answer. It takes what the actor has in memory and leaves there what is true after the turn. The commit
/// is the only thing that counts: memory is checked in it again (versions, keys, effects, claims, halts), and a turn that was decided on
/// stale knowledge is decided again.
/// </summary>
public sealed class TurnExecutor : IAsyncDisposable
{
    /// <summary>Consecutive lost races after which the caller must retry.</summary>
    private const int MaxAttempts = 100;

    private readonly IStore journal;
    private readonly EngineOptions options;
    private readonly CommitQueue queue;
    private readonly TurnRecords records;

    public TurnExecutor(IStore journal, EngineOptions options)
    {
        this.journal = journal;
        this.options = options;
        Metrics = new NodeMetrics(journal.SystemName);
        queue = new CommitQueue(journal, options.QueueCapacity, options.MaxBatchSize, Metrics);
        records = new TurnRecords(options);
        Gate = new HaltGate(options.Time);
        Redactor = new Redactor(options.Redaction, Metrics);
    }

    public HaltGate Gate { get; }
    public NodeMetrics Metrics { get; }

    /// <summary>Every command goes through it before it is decided; who looks something up by a command's texts before its turn uses it, too.</summary>
    public Redactor Redactor { get; }

    /// <summary>When this node last read the halts of the store, or null: it never has.</summary>
    public DateTimeOffset? StoreSeenAt { get; internal set; }

    /// <summary>Turns that wait to be committed.</summary>
    public int Waiting => queue.Length;

    internal IStore Journal => journal;
    internal EngineOptions Options => options;

    /// <summary>Effects that became due with a commit of this node and that it has leased; the dispatcher listens.</summary>
    internal event Action<ImmutableArray<EffectRecord>>? EffectsCommitted;

    /// <summary>A commit of this node has raised or lifted a halt. Handlers return at once and throw nothing.</summary>
    public event Action<HaltRecord>? HaltCommitted;

    /// <summary>This node has committed a turn that changed something. Handlers return at once and throw nothing.</summary>
    public event Action<CommittedTurn>? Committed;

    /// <summary>Fills in what only the engine knows of a call: time and randomness.</summary>
    public Call Stamp(Call call) => call with { At = options.Time.GetUtcNow(), Seed = options.Seeds() };

    /// <summary>Reads the active halts again: at start, and when another node may have raised or lifted one.</summary>
    public Task RefreshHaltsAsync(CancellationToken cancel) => Gate.RefreshAsync(liftedAfter => journal.HaltsAsync(liftedAfter, cancel));

    /// <param name="memory">The home actor's; no other turn uses it meanwhile.</param>
    internal async Task<TurnResult> TakeAsync(TurnRequest request, ActorMemory memory, CancellationToken cancel = default)
    {
        request = request with { Command = Redactor.Clean(request.Command), Call = Redacted(request.Call) };
        if (!Metrics.Timed) return await TryAsync(request, memory, cancel);
        var began = Stopwatch.GetTimestamp();
        var result = await TryAsync(request, memory, cancel);
        Metrics.Answered(result.Outcome, Stopwatch.GetElapsedTime(began));
        return result;
    }

    private Call Redacted(Call call) => call.Override is null ? call : call with { Override = Redactor.Clean(call.Override) };

    private async Task<TurnResult> TryAsync(TurnRequest request, ActorMemory memory, CancellationToken cancel)
    {
        try
        {
            for (var attempt = 0; attempt < MaxAttempts; attempt++)
            {
                if (await AttemptAsync(request with { Call = Stamp(request.Call) }, memory, cancel) is { } result) return result;
            }

            return new TurnResult(new Unavailable(
                $"{request.Home} is contended; send the command again with the same key.", TimeSpan.FromSeconds(1), Known: true));
        }
        catch (JournalUnavailableException error)
        {
            memory.ForgetAll();
            return new TurnResult(Unavailable(error));
        }
    }

    /// <summary>The answer to a caller when the store failed.</summary>
    internal static Unavailable Unavailable(JournalUnavailableException error) => new(error.Sentence, TimeSpan.FromSeconds(1), error.NotApplied);

    /// <summary>The actor's state as this node can see it now: from the journal, never only from memory.</summary>
    internal async Task<Known> ReadAsync(ActorId actor, CancellationToken cancel)
    {
        var stored = await journal.LoadAsync(actor, cancel);
        return stored is null ? default : new Known(stored.Version, States.Read(actor.Kind, stored.Document.Span));
    }

    /// <summary>What the function makes of the states as of the last commit. Nothing is decided.</summary>
    internal async Task<T> LookAsync<T>(ActorId first, Func<World, T> look, CancellationToken cancel)
    {
        var scope = new TurnScope(journal, new ActorMemory(first));
        var world = WorldOf(Stamp(new Call { At = default, Seed = "", By = Handle.System }), scope);
        return await scope.DecideAsync(() => look(world), cancel);
    }

    private World WorldOf(Call call, TurnScope scope) => new(call, options.Policy, options.Roster, options.Flows, scope)
    {
        Routes = options.Routes,
        Runbooks = options.Runbooks,
        Permits = options.Permits,
        Briefings = Gate.Briefings,
    };

    /// <summary>One attempt; null: it was decided on stale knowledge and must be decided again.</summary>
    private async Task<TurnResult?> AttemptAsync(TurnRequest request, ActorMemory memory, CancellationToken cancel)
    {
        var scope = new TurnScope(journal, memory);
        var home = await scope.LoadAsync(request.Home, cancel);
        if (!request.Call.BySystem) await scope.LoadAsync(ActorId.Agent(request.Call.By), cancel);
        if (request.Prepare is not null) await request.Prepare(home.State, scope, cancel);
        var world = WorldOf(request.Call, scope);
        var decision = home.State?.Archived is { } archived
            ? archived.Refusal(request.Home.Key)
            : await scope.DecideAsync(() => request.Decide(home.State, world, request.Command), cancel);
        foreach (var change in decision.Changes)
        {
            if ((await scope.LoadAsync(change.Actor, cancel)).State?.Archived is not { } other) continue;
            decision = other.Refusal(change.Actor.Key);
            break;
        }

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
            if ((await scope.LoadAsync(change.Actor, cancel)).Version > 0 && change.Events is [ICreationEvent, ..]) return null;
        }

        if (Gate.Covering(subject) is not null)
        {
            // The news of a lift may have been lost on its way to this node.
            await RefreshHaltsAsync(cancel);
            if (Gate.Covering(subject) is { } halt)
            {
                // Another node may have made the incident urgent since.
                if (await IsStaleAsync(scope, cancel)) return null;
                return await FirstAnswerAsync(request, cancel) ?? Halted(halt, request);
            }
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
        if (!record.Appends.IsEmpty) record = record with { HaltEpoch = scope.HaltEpoch };
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
                foreach (var (actor, known) in after) scope.Memory.Keep(actor, known);
                Tell(record, new CommittedTurn(request.Call, decision, scope.Seen, after, began, options.Time.GetUtcNow()));
                return new TurnResult(new Accepted(Answer, state.Version, position: committed.Position), Consumed: true);
            case Stale:
                scope.Memory.ForgetAll();
                return null;
            case Fenced fenced:
                await RefreshHaltsAsync(cancel);
                return await FirstAnswerAsync(request, cancel) ?? Halted(fenced.Halt, request);
            case KeyKnown known:
                return Replay(request, known.Answer);
            case AlreadyConsumed:
                return new TurnResult(new Accepted(Answer, state.Version));
            case ClaimTaken taken:
                return new TurnResult(Rejected.Conflict(Rules.IncidentStatus, $"{taken.Holder.Key} has it already."));
            case var result:
                throw new InvalidOperationException($"no commit result {result.GetType().Name}");
        }
    }

    /// <summary>Through the gate to the journal; fenced by either.</summary>
    private async Task<CommitResult> SendAsync(TurnRecord record, Subject? subject)
    {
        using var inFlight = Gate.Enter(subject);

        // Checked again now that the turn counts as in flight: whether the gate closes before or after, the turn is seen or sees it.
        if (Gate.Covering(subject) is { } halt) return new Fenced(halt);
        using var span = Activity.Current is null ? null : IncidentTraces.Source.StartActivity(SpanCatalogue.Commit.Name);
        return await queue.CommitAsync(record);
    }

    /// <summary>What listens on this node learns what has been committed.</summary>
    private void Tell(TurnRecord record, CommittedTurn turn)
    {
        if (!record.Appends.IsEmpty)
        {
            if (Metrics.Enabled) Metrics.Count(turn);
            Committed?.Invoke(turn);
        }

        foreach (var changed in record.Halts)
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
            scope.Memory.Forget(actor);
            stale = true;
        }

        return stale;
    }

    /// <summary>The earlier answer under the call's key, or null.</summary>
    internal async Task<TurnResult?> FirstAnswerAsync(TurnRequest request, CancellationToken cancel) =>
        request.Call.Key is { } key && await journal.AnswerAsync(ScopedKey(request.Call, key), cancel) is { } known ? Replay(request, known) : null;

    /// <summary>The first answer to what was sent under the call's key, regardless of its result (<see cref="Call.Sent"/>), or null.</summary>
    internal async Task<Outcome?> FirstAnswerAsync(Call call, CancellationToken cancel) =>
        call is { Key: { } key, Sent: { } sent } && await journal.AnswerAsync(ScopedKey(call, key), cancel) is { } known
            ? Replay(key, sent, known)
            : null;

    private static TurnResult Replay(TurnRequest request, StoredAnswer known) => new(Replay(request.Call.Key!, Hash(request), known));

    private static Outcome Replay(string key, string hash, StoredAnswer known) =>
        known.RequestHash == hash ? new Accepted(() => known.Json, 0, replayed: true) : Rejected.KeyReused(key);

    private TurnResult Halted(HaltRecord halt, TurnRequest request) => new(
        OwnerOverride.Hint(
            new Rejected(
                Rules.Halted,
                $"{halt.Id} halts {halt.Scope} since {halt.RaisedAt:u}, raised by {halt.RaisedBy}: {halt.Reason}. Nothing was changed; "
                + "send it again with the same key when the halt is lifted.",
                ["inbox", "halt_status", "halt_ack"]) { Kind = RejectionKind.Halted, Halt = halt.Notice() },
            new AgentInfo(request.Call.By, options.Roster.RolesOf(request.Call.By), Override: request.Call.Override)));

    private static string ScopedKey(Call call, string key) => $"{call.By}:{key}";

    private static string Hash(TurnRequest request) => request.Call.Sent ?? Hash(request.Identity, request.Command);

    /// <summary>What a command is known by under its idempotency key.</summary>
    internal static string Hash(string identity, ICommand asked)
    {
        var command = JsonSerializer.SerializeToUtf8Bytes(asked, CoreJson.Options.GetTypeInfo(typeof(ICommand)));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(identity));
        hash.AppendData(command);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public async ValueTask DisposeAsync()
    {
        await queue.DisposeAsync();
        Metrics.Dispose();
    }
}
