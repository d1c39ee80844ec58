using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Permits;

/// <summary>
/// Grants, renews and ends permits, and reads them. Runs on the node that is asked: a permit has one holder, so nothing is gained by a grain of
/// its own, and no slow node can delay the end of an action.
/// </summary>
public sealed class PermitBook(TurnExecutor turns)
{
    private const int MaxUnknown = 1000;

    /// <summary>A new permit, or a refusal by the policy or a halt.</summary>
    /// <param name="id">Null: a new one. An enforcement point that is called twice for one action gives the same id and gets the same permit.</param>
    public Task<Outcome> RequestAsync(RequestPermit request, Call call, string? id = null) =>
        DoAsync(id ?? PermitDecider.IdFrom(turns.Options.Seeds()), request, call);

    public async Task<Outcome> DoAsync(string id, PermitCommand command, Call call)
    {
        try
        {
            return await TakeAsync(id, command, call);
        }
        catch (JournalUnavailableException error)
        {
            return TurnExecutor.Unavailable(error);
        }
    }

    /// <summary>The current permit; null if it does not exist.</summary>
    public async Task<PermitView?> GetAsync(string id, CancellationToken cancel) => await ReadAsync(id, cancel) is var (state, version)
        ? PermitView.Of(state, version, await EndedByAsync(state, cancel), turns.Options.Time.GetUtcNow())
        : null;

    /// <summary>Permits by the filter's columns: unknown outcomes first, then newest first.</summary>
    /// <exception cref="FormatException">The cursor was not issued by this query.</exception>
    public async Task<Page<PermitView>> ListAsync(ActorFilter filter, CancellationToken cancel)
    {
        var page = await turns.Journal.ListAsync(filter, cancel);
        var states = page.Actors.Select(stored => (State: stored.State<PermitState>(), stored.Version)).ToList();
        var now = turns.Options.Time.GetUtcNow();
        var since = states.Count == 0 ? now : states.Min(one => one.State.GrantedAt);
        var halts = await PermitHalts.ReadAsync(turns.Journal, since, cancel);
        var views = ImmutableArray.CreateBuilder<PermitView>(states.Count);
        foreach (var (state, version) in states)
            views.Add(PermitView.Of(state, version, state.Status == PermitStatus.Open ? await halts.EndedAsync(state, cancel) : null, now));
        return new Page<PermitView>(views.ToImmutable(), page.Next);
    }

    private async Task<Outcome> TakeAsync(string id, PermitCommand command, Call call)
    {
        var self = ActorId.Permit(id);
        var facts = new PermitFacts();
        var turn = new TurnRequest(self, command, call)
        {
            Prepare = async (current, scope, cancel) =>
            {
                if (current is PermitState state)
                {
                    // A halt that is raised and lifted before the commit ends the permit too, and the fence meets only those that stand.
                    scope.HaltEpoch = await turns.Journal.HaltEpochAsync(cancel);
                    facts = new PermitFacts(await EndedByAsync(state, cancel));
                }
                else if (command is RequestPermit request)
                {
                    facts = new PermitFacts(Unsettled: await UnsettledAsync(request));
                }
            },
            Decide = (current, world, clean) => PermitDecider.Decide(id, (PermitState?)current, (PermitCommand)clean, world, facts),
            SubjectOf = (current, world, decision) => command switch
            {
                RequestPermit => decision.Events.Select(one => one.Event).OfType<PermitGranted>().FirstOrDefault()?.Subject,
                RenewPermit => ((PermitState?)current)?.Subject,
                _ => null,
            },
            Answer = (current, version, _) => Answers.Of(current, version, new Decision(), turns.Options),
            Identity = command is RequestPermit ? "permit" : self.ToString(),
        };
        var result = await turns.TakeAsync(turn, new ActorMemory(self));
        if (command is not RenewPermit || result.Outcome is not Accepted { Replayed: true }) return result.Outcome;

        // What was renewed then may have been ended since.
        return await ReadAsync(id, CancellationToken.None) is var (renewed, _) && await EndedByAsync(renewed, CancellationToken.None) is { } halt
            ? PermitDecider.Ended(id, halt)
            : result.Outcome;
    }

    private async Task<string?> UnsettledAsync(RequestPermit request)
    {
        if (turns.Options.Permits.RuleFor(request.Action, request.Target, request.Environment)?.Unknown != UnknownPolicy.Block) return null;
        var page = await turns.Journal.ListAsync(
            new ActorFilter(ActorKind.Permit) { Open = true, Rank = 0, Limit = MaxUnknown }, CancellationToken.None);
        return page.States<PermitState>().FirstOrDefault(permit => permit.Status == PermitStatus.Unknown
            && string.Equals(permit.Action, request.Action, StringComparison.OrdinalIgnoreCase)
            && string.Equals(permit.Target, request.Target, StringComparison.OrdinalIgnoreCase))?.Id;
    }

    private async ValueTask<Core.Halts.HaltRecord?> EndedByAsync(PermitState state, CancellationToken cancel) =>
        await (await PermitHalts.ReadAsync(turns.Journal, state.GrantedAt, cancel)).EndedAsync(state, cancel);

    private async Task<(PermitState State, long Version)?> ReadAsync(string id, CancellationToken cancel) =>
        await turns.ReadAsync(ActorId.Permit(id), cancel) is { State: PermitState state, Version: var version } ? (state, version) : null;
}
