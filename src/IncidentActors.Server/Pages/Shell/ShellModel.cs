using System.Collections.Immutable;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Server.Pages.Shell;

/// <summary>What every page shows around its content.</summary>
/// <param name="Cursor">The feed's end before anything was read: the script follows from here and misses nothing.</param>
/// <param name="Halts">Active halts, newest first, as far as they are shown.</param>
/// <param name="OpenApprovals">Approvals that wait; at most <see cref="MostCounted"/> are counted.</param>
public sealed record ShellModel(string Cursor, ImmutableArray<HaltView> Halts, int HaltsActive, int OpenApprovals)
{
    public const int MostCounted = 100;
    private const int MostHalts = 5;

    public static readonly ShellModel Empty = new("now", [], 0, 0);

    internal static async Task<ShellModel> ReadAsync(RunningEngine engine, CancellationToken cancel)
    {
        var cursor = await engine.Journal.FeedEndAsync(cancel);
        var active = await engine.Journal.HaltsAsync(null, cancel);
        var views = ImmutableArray.CreateBuilder<HaltView>();
        foreach (var halt in active.Where(one => one.Active).Reverse().Take(MostHalts))
        {
            if (await engine.Actors.Halt(halt.Id).GetAsync() is { } view) views.Add(view);
        }

        var approvals = await engine.Journal.ListAsync(new ActorFilter(ActorKind.Approval) { Status = "open", Limit = MostCounted }, cancel);
        return new ShellModel(cursor, views.ToImmutable(), active.Count(one => one.Active), approvals.Actors.Length);
    }
}
