using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Pages.Shell;

/// <summary>What every page shows around its content: it costs the same however many agents there are.</summary>
/// <param name="Cursor">The feed's end before anything was read: the script follows from here and misses nothing. Null: nothing is followed.</param>
/// <param name="Halts">Active halts, newest first, as far as they are shown.</param>
/// <param name="Owed">What waits for the visitor: approvals, messages that must be acknowledged, open work; at most <see cref="MaxCounted"/> of each.</param>
public sealed record ShellModel(string? Cursor, ImmutableArray<HaltLine> Halts, int HaltsActive, int Owed)
{
    public const int MaxCounted = 100;
    private const int MaxHalts = 5;

    /// <summary>For visitors without access, and when nothing could be read: shows no data.</summary>
    public static readonly ShellModel Empty = new(null, [], 0, 0);

    /// <param name="decides">The visitor decides approvals of the role.</param>
    internal static async Task<ShellModel> ReadAsync(RunningEngine engine, string? handle, Func<string, bool> decides, CancellationToken cancel)
    {
        var cursor = await engine.Journal.FeedEndAsync(cancel);
        var active = (await engine.Journal.HaltsAsync(null, cancel)).Where(one => one.Active).Reverse().ToList();
        var permits = active.Count == 0
            ? []
            : (await engine.Permits.ListAsync(new ActorFilter(ActorKind.Permit) { Open = true, Limit = MaxCounted }, cancel)).Items
                .Where(permit => permit is { HaltId: not null, EndedAt: null }).CountBy(permit => permit.HaltId!).ToDictionary();
        var lines = await Task.WhenAll(active.Take(MaxHalts).Select(async halt =>
        {
            var nodes = await engine.Nodes.OfAsync(halt.Id);
            return new HaltLine(halt, nodes.Length, nodes.Count(node => !node.Confirmed), permits.GetValueOrDefault(halt.Id));
        }));
        var approvals = await engine.Journal.ListAsync(new ActorFilter(ActorKind.Approval) { Status = "open", Limit = MaxCounted }, cancel);
        var messages = handle is null ? [] : await engine.Journal.InboxAsync(handle, MaxCounted, cancel);
        var work = handle is null
            ? null
            : await engine.Journal.ListAsync(new ActorFilter(ActorKind.Atp) { Open = true, Owner = handle, Limit = MaxCounted }, cancel);
        return new ShellModel(
            cursor, [.. lines], active.Count,
            approvals.Actors.Count(one => decides(one.Index.Owner ?? "")) + messages.Count(one => one.Message.RequiresAck) + (work?.Actors.Length ?? 0));
    }
}

/// <summary>An active halt as every page shows it. It is fenced, or it could not be seen; which agents know of it, its own page counts.</summary>
/// <param name="Unconfirmed">Nodes on which a covered turn may still be in flight (it will be refused), or that are silent.</param>
/// <param name="Permits">Outside actions that it has ended and that have not been reported as ended.</param>
public sealed record HaltLine(HaltRecord Halt, int Nodes, int Unconfirmed, int Permits);
