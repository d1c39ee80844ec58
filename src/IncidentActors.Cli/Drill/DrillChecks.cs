using System.Collections.Immutable;
using System.Globalization;
using IncidentActors.Cli.Http;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Messages;

namespace IncidentActors.Cli.Drill;

/// <summary>What must be true after a drill, checked from what the server tells, not from what the agents remember.</summary>
internal static class DrillChecks
{
    public static async Task<DrillResult> MakeAsync(
        DrillScript script, DrillStage stage, IReadOnlyList<IdleAgent> bystanders, GuardedAction? guarded, IReadOnlyList<DrillEvent> feed,
        DrillProgress progress, TimeSpan took, CancellationToken cancel)
    {
        var atp = await stage.AtpAsync(stage.Atp, cancel);
        var told = (await stage.InboxAsync(Handle.Operator, cancel))
            .Where(message => message.Type == MessageType.HITLNotification && message.AtpId == atp.Id)
            .Select(message => message.Id).ToHashSet();
        ImmutableArray<DrillRowResult> rows =
        [
            .. atp.History.Select(entry => new DrillRowResult(entry.Row, entry.From, entry.To, entry.By, entry.At, entry.Messages.Count(told.Contains))),
        ];
        List<DrillCheck> checks = [Rows(script, atp), Notified(script, rows, told.Count), Finished(script, atp)];
        if (script.Failure is { } failure) checks.Insert(1, RolledBack(failure, atp));
        foreach (var followUp in atp.FollowUps) checks.Add(FollowUp(script, atp, await stage.AtpAsync(followUp.AtpId, cancel)));
        HaltPermits? outside = null;
        if (stage.Halt is { } halt)
        {
            var view = (await stage.ReadAsync($"/api/halts/{halt}", cancel)).Read<HaltView>();
            checks.AddRange([Lifted(view), Fence(halt, bystanders, feed), Refused(bystanders, progress.Tally), Resumed(bystanders), Once(bystanders, feed)]);
            outside = view.Permits;
            if (guarded is not null) checks.Add(Outside(view, guarded));
        }

        return new DrillResult(
            script.Flow.Name, stage.Incident, atp.Id, atp.Status, [.. atp.FollowUps.Select(one => one.AtpId)], stage.Halt, progress.Tally.Committed,
            progress.Tally.Refusals, took, rows, [.. checks])
        {
            Outside = outside,
        };
    }

    private static DrillCheck Rows(DrillScript script, AtpView atp)
    {
        var expected = string.Join(" ", script.Expected.Select(row => row.Number));
        var taken = string.Join(" ", atp.History.Select(entry => entry.Row));
        return new DrillCheck("every row was taken, in order", expected == taken, expected == taken ? $"rows {taken}" : $"expected {expected}, taken {taken}");
    }

    private static DrillCheck RolledBack(FlowRow failure, AtpView atp)
    {
        var entry = atp.History.FirstOrDefault(entry => entry.Row == failure.Number);
        return new DrillCheck("what went wrong was rolled back", entry?.To == failure.To, $"{failure.Trigger}: {failure.From} → {entry?.To ?? "(never)"}");
    }

    private static DrillCheck Notified(DrillScript script, ImmutableArray<DrillRowResult> rows, int told)
    {
        // A declaration tells @operator in any case: by its first row where that notifies, else by itself.
        var declaration = script.Rows[0].Row.Hitl == RowHitl.None ? 1 : 0;

        // So does every transition of the incident that its row does not notify of.
        var silent = script.Rows.Count(row => row.Row.Hitl == RowHitl.None && row.Row.Emits.Incident is not null)
            + script.Rows.Count(row => row.Row.Requires.Artifacts.Any(artifact => artifact.Type is "Assessment" or "ImpactAssessment") && !row.Row.Automatic);
        var owed = script.Flow.Rows.ToDictionary(row => row.Number, row => row.Hitl == RowHitl.None ? 0 : 1);
        var wrong = rows.Where(row => row.Notified != owed[row.Row]).Select(row => $"row {row.Row}: {row.Notified}").ToList();
        if (told != rows.Sum(row => row.Notified) + declaration + silent) wrong.Add($"{told} in the inbox of {Handle.Operator}");
        var right = $"{told} notifications{(declaration > 0 ? ", one of them for the declaration" : "")}";
        return new DrillCheck("one HITL notification per row that notifies, never two", wrong.Count == 0, wrong.Count == 0 ? right : string.Join("; ", wrong));
    }

    private static DrillCheck Finished(DrillScript script, AtpView atp) => new(
        "the ATP has ended and owes nothing",
        atp.Finished && atp.Status == script.Rows[^1].Row.To && atp.Owed.All(owed => owed.Type != MessageType.HITLNotification),
        $"{atp.Id} is {atp.Status}{(atp.Owed.IsEmpty ? "" : $", owes {string.Join(", ", atp.Owed.Select(owed => $"{owed.Type} by {owed.By}"))}")}");

    private static DrillCheck FollowUp(DrillScript script, AtpView parent, AtpView followUp)
    {
        var row = script.FollowUps.First(row => row.Number == parent.FollowUps.First(one => one.AtpId == followUp.Id).Row);
        var wanted = row.Emits.FollowUp!;
        var due = parent.ClosedAt + wanted.Within;
        var right = followUp.Status == row.To && followUp.Type == wanted.Type && followUp.DueAt == due
            && (wanted.Sections.IsDefault || wanted.Sections.All(followUp.Sections.Contains));
        var sections = followUp.Sections.IsEmpty ? "" : $", {followUp.Sections.Length} sections to cover";
        return new DrillCheck(
            $"the follow-up ({wanted.Type}) is there, due in {FlowDuration.Format(wanted.Within)}",
            right,
            string.Create(CultureInfo.InvariantCulture, $"{followUp.Id} is {followUp.Status}, due {followUp.DueAt:u}{sections}"));
    }

    private static DrillCheck Lifted(HaltView halt)
    {
        var after = halt.LiftedAt is { } at
            ? string.Create(CultureInfo.InvariantCulture, $" after {(at - halt.RaisedAt).TotalSeconds:0.0} s")
            : "";
        return new DrillCheck(
            "the halt was fenced, and ended with its incident",
            halt.FencedAt is not null && halt.LiftedAt is not null,
            $"{halt.Id} {halt.Status}{after}");
    }

    /// <summary>Invariant 9: the guarded command is stopped, and reported, within the time that the halt states.</summary>
    private static DrillCheck Outside(HaltView halt, GuardedAction guarded)
    {
        var permits = halt.Permits;
        var quiet = permits is { QuietAt: { } at } && at <= permits.MustEndBy ? at : (DateTimeOffset?)null;
        return new DrillCheck(
            "the guarded command was stopped within the time that the halt states",
            guarded.ExitCode == ExitCodes.Halted && permits is { AtRaise: > 0, Unreported: 0 } && quiet is not null,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{GuardedAction.Holder}: exit code {guarded.ExitCode}, due by {permits?.MustEndBy:HH:mm:ss}, "
                + $"quiet {(quiet - halt.RaisedAt)?.TotalMilliseconds:0} ms after the raise, at {quiet:HH:mm:ss}"));
    }

    /// <summary>Invariant 4: in the order of the journal, no event of a covered ATP is between the halt's raising and its lifting.</summary>
    private static DrillCheck Fence(string halt, IReadOnlyList<IdleAgent> bystanders, IReadOnlyList<DrillEvent> feed)
    {
        var covered = bystanders.SelectMany(bystander => bystander.Atps).Select(id => $"atp/{id}").ToHashSet();
        var raised = IndexOf(feed, halt, "halt.raised");
        var lifted = IndexOf(feed, halt, "halt.lifted");
        if (raised < 0 || lifted < raised)
            return new DrillCheck("no covered turn after the halt", false, "the feed does not show the halt raised and then lifted");
        var broken = feed.Skip(raised).Take(lifted - raised).Where(one => covered.Contains(one.Actor)).ToList();
        var before = feed.Take(raised).Count(one => covered.Contains(one.Actor));
        var after = feed.Skip(lifted).Count(one => covered.Contains(one.Actor));
        return new DrillCheck(
            "no covered turn after the halt", broken.Count == 0,
            broken.Count == 0
                ? $"{before} events of covered work before, 0 under it, {after} after the lift"
                : $"{broken.Count} events, the first {broken[0].Name} of {broken[0].Actor}");
    }

    private static DrillCheck Refused(IReadOnlyList<IdleAgent> bystanders, DrillTally tally)
    {
        var spared = bystanders.Where(bystander => bystander.RefusedStep is null).Select(bystander => bystander.Handle).ToList();
        return new DrillCheck(
            "every halted agent was refused with 423",
            spared.Count == 0,
            spared.Count == 0 ? $"{tally.Refusals} refusals" : $"not refused: {string.Join(", ", spared)}");
    }

    private static DrillCheck Resumed(IReadOnlyList<IdleAgent> bystanders)
    {
        var wrong = bystanders.Where(one => !one.SetAside.SequenceEqual(one.Atps) || !one.Resumed.SequenceEqual(one.Atps)).ToList();
        return new DrillCheck(
            "set-aside work was found again in its order", wrong.Count == 0,
            wrong.Count == 0
                ? $"{bystanders.Sum(one => one.Resumed.Count)} ATPs of {bystanders.Count} agents"
                : $"{wrong[0].Handle} had {string.Join(" ", wrong[0].Atps)}, set aside {string.Join(" ", wrong[0].SetAside)}, "
                    + $"found {string.Join(" ", wrong[0].Resumed)}");
    }

    /// <summary>Invariant 3: the step that was refused, and then sent again with the same key, is in the history once.</summary>
    private static DrillCheck Once(IReadOnlyList<IdleAgent> bystanders, IReadOnlyList<DrillEvent> feed)
    {
        var times = feed
            .Where(one => one.Is("atp.noted"))
            .Select(one => one.Data.Text("notes"))
            .GroupBy(note => note)
            .ToDictionary(same => same.Key ?? "", same => same.Count());
        var wrong = bystanders.Where(one => one.RefusedStep is { } step && times.GetValueOrDefault(step) != 1).ToList();
        return new DrillCheck(
            "every refused step was applied once after the lift", wrong.Count == 0,
            wrong.Count == 0 ? $"{bystanders.Count} steps" : $"'{wrong[0].RefusedStep}' is there {times.GetValueOrDefault(wrong[0].RefusedStep!)} times");
    }

    private static int IndexOf(IReadOnlyList<DrillEvent> feed, string halt, string name)
    {
        for (var index = 0; index < feed.Count; index++)
        {
            if (feed[index].Actor == $"halt/{halt}" && feed[index].Is(name)) return index;
        }

        return -1;
    }
}
