using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Clocks;

/// <summary>Reads the clocks of one page. The halts that may have paused them are read once.</summary>
internal sealed class ClockReader(PageRequest request)
{
    private IReadOnlyList<HaltRecord> halts = [];
    private DateTimeOffset since = DateTimeOffset.MaxValue;

    /// <summary>The clock of the approval's timeout.</summary>
    public Task<RunningClock> OfAsync(ApprovalView approval) =>
        OfAsync(ActorId.Atp(approval.AtpId), AtpDecider.ApprovalClock(approval.Id), approval.AskedAt, approval.Due);

    /// <summary>The ATP's due time; null if it has none, or is finished.</summary>
    public async Task<RunningClock?> OfAsync(AtpState atp) =>
        atp is { Finished: false, DueAt: { } due } ? await OfAsync(ActorId.Atp(atp.Id), AtpDecider.DueClock, atp.CreatedAt, due) : null;

    /// <summary>Any other clock, with the due time that the engine has stored; null if the clock is not running.</summary>
    public async Task<RunningClock?> OfAsync(ActorId owner, string name)
    {
        if (await EffectAsync(owner, name) is not { } effect) return null;
        return effect.Subject is { } subject
            ? RunningClock.Of(await HaltsAsync(effect.Counted), subject, effect.Counted, effect.Due, request.Now)
            : new RunningClock(effect.Due);
    }

    /// <summary>A fired clock repeats, so the original deadline is shown; whether a halt pauses it is decided by the engine.</summary>
    private async Task<RunningClock> OfAsync(ActorId owner, string name, DateTimeOffset from, DateTimeOffset due)
    {
        var known = await HaltsAsync(from);
        return known.Count > 0 && (await EffectAsync(owner, name))?.Subject is { } subject
            ? RunningClock.Of(known, subject, from, due, request.Now)
            : new RunningClock(due);
    }

    private Task<DueEffect?> EffectAsync(ActorId owner, string name) => request.Engine.Journal.EffectAsync($"{owner}#{name}", request.Aborted);

    private async Task<IReadOnlyList<HaltRecord>> HaltsAsync(DateTimeOffset from)
    {
        if (from >= since) return halts;
        halts = await request.Engine.Journal.HaltsAsync(from, request.Aborted);
        since = from;
        return halts;
    }
}
