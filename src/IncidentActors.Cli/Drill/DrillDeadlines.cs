using System.Collections.Immutable;
using System.Globalization;
using IncidentActors.Cli.Http;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Flows;

namespace IncidentActors.Cli.Drill;

/// <summary>After the rows of a drill: the server's clock runs fast, nobody writes the follow-ups, and people must be notified when each is due.</summary>
internal static class DrillDeadlines
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(60);

    /// <param name="speed">How many times as fast as the real clock the server's runs.</param>
    public static async Task<ImmutableArray<DrillCheck>> CheckAsync(
        DrillResult result, double speed, Uri server, HttpMessageHandler http, DrillProgress progress, CancellationToken cancel)
    {
        using var client = new ServerClient(new ServerAddress(server, Handle.Operator, null, null), http, Task.Delay, _ => { });
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var feed = new DrillFeed(client, Task.Delay);
        var following = feed.FollowAsync(ending.Token);
        var checks = ImmutableArray.CreateBuilder<DrillCheck>();
        try
        {
            foreach (var id in result.FollowUps)
            {
                var answer = await client.GetAsync($"/api/atps/{id}", cancel);
                var followUp = answer.Ok ? answer.Read<AtpView>() : throw DrillFailedException.Of($"GET /api/atps/{id}", answer);
                if (followUp.DueAt is { } due) checks.Add(await OverdueAsync(followUp, due, speed, feed, progress, cancel));
            }
        }
        finally
        {
            await ending.CancelAsync();
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return checks.ToImmutable();
    }

    private static async Task<DrillCheck> OverdueAsync(
        AtpView followUp, DateTimeOffset due, double speed, DrillFeed feed, DrillProgress progress, CancellationToken cancel)
    {
        var within = due - followUp.CreatedAt;
        var name = $"{followUp.Id} is not written within {FlowDuration.Format(within)}, and people are notified";
        progress.Say(string.Create(CultureInfo.InvariantCulture, $"{followUp.Id} is due {due:u}; the clock runs {speed} times as fast"));
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        enough.CancelAfter((within / speed) + Slack);
        bool IsOfIt(DrillEvent one) => one.Actor == $"atp/{followUp.Id}";
        try
        {
            await feed.SeenAsync(one => IsOfIt(one) && one.Is("atp.overdue"), enough.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new DrillCheck(name, false, string.Create(CultureInfo.InvariantCulture, $"due {due:u}, and nothing happened"));
        }

        var at = feed.Events.First(one => IsOfIt(one) && one.Is("atp.overdue")).At;
        var told = feed.Events.Where(one => IsOfIt(one) && one.Is("message.sent") && one.Data.Text("type") == "Escalation")
            .Select(one => one.Data.Text("to") ?? "").Distinct().ToList();
        return new DrillCheck(
            name, at >= due && told.Contains(Handle.Operator),
            string.Create(CultureInfo.InvariantCulture, $"due {due:u}, overdue {at:u}, told {string.Join(", ", told)}"));
    }
}
