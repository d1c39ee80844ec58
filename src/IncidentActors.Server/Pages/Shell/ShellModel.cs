using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Pages.Shell;

/// <summary>What every page shows around its content: it costs the same however many agents there are.</summary>
/// <param name="Cursor">The feed's end before anything was read: the script follows from here and misses nothing. Null: nothing is followed.</param>
/// <param name="Halts">Active halts, newest first, as far as they are shown.</param>
/// <param name="OpenApprovals">Approvals that wait for the visitor; among at most <see cref="MostCounted"/>.</param>
public sealed record ShellModel(string? Cursor, ImmutableArray<HaltLine> Halts, int HaltsActive, int OpenApprovals)
{
    public const int MostCounted = 100;
    private const int MostHalts = 5;

    /// <summary>For strangers, who are told nothing, and where nothing could be read.</summary>
    public static readonly ShellModel Empty = new(null, [], 0, 0);

    /// <param name="decides">The visitor decides approvals of the role.</param>
    internal static async Task<ShellModel> ReadAsync(RunningEngine engine, Func<string, bool> decides, CancellationToken cancel)
    {
        var cursor = await engine.Journal.FeedEndAsync(cancel);
        var active = (await engine.Journal.HaltsAsync(null, cancel)).Where(one => one.Active).Reverse().ToList();
        var lines = await Task.WhenAll(active.Take(MostHalts).Select(async halt =>
        {
            var nodes = await engine.Turns.Nodes.OfAsync(halt.Id);
            return new HaltLine(halt, nodes.Length, nodes.Count(node => !node.Confirmed));
        }));
        var approvals = await engine.Journal.ListAsync(new ActorFilter(ActorKind.Approval) { Status = "open", Limit = MostCounted }, cancel);
        return new ShellModel(cursor, [.. lines], active.Count, approvals.Actors.Count(one => decides(one.Index.Owner ?? "")));
    }
}

/// <summary>An active halt as every page shows it. It is fenced, or it could not be seen; which agents know of it, its own page counts.</summary>
/// <param name="Unconfirmed">Nodes on which a covered turn may still be in flight (it will be refused), or that are silent.</param>
public sealed record HaltLine(HaltRecord Halt, int Nodes, int Unconfirmed);
