using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using IncidentActors.Cli.Http;
using IncidentActors.Core.Permits;

namespace IncidentActors.Cli.Guards;

/// <summary>
/// Holds one permit while its action runs: renews it, and hears of its end at once. A server that cannot be reached does not matter until
/// the permit's time.
/// </summary>
/// <param name="margin">Time before the permit's end at which <see cref="Stopped"/> completes.</param>
/// <param name="extended">Called with the time that is left, at first and after each renewal.</param>
internal sealed class PermitHold(ServerClient server, string permitId, TimeSpan seconds, TimeSpan margin, Action<TimeSpan>? extended = null) : IAsyncDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);
    private const int WatchSeconds = 10;

    private readonly TaskCompletionSource<(int ExitCode, string Sentence)> stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource over = new();
    private Task running = Task.CompletedTask;
    private long deadline;

    /// <summary>Completes when the permit does not hold any more, with the exit code and the sentence that say why.</summary>
    public Task<(int ExitCode, string Sentence)> Stopped => stop.Task;

    /// <summary>Until the permit's time is over.</summary>
    public TimeSpan Left => Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), Interlocked.Read(ref deadline));

    /// <param name="asked">When the permit was asked for, before the request was sent: its time counts from there at the latest.</param>
    public void Begin(long asked)
    {
        Extend(asked);
        running = Task.WhenAll(WatchAsync(over.Token), RenewAsync(over.Token), TimeAsync(over.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await running;
        over.Dispose();
    }

    private void Extend(long from)
    {
        Interlocked.Exchange(ref deadline, from + (long)(seconds.TotalSeconds * Stopwatch.Frequency));
        extended?.Invoke(Left);
    }

    private async Task TimeAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var left = Left - margin;
            if (left <= TimeSpan.Zero)
            {
                stop.TrySetResult((ExitCodes.Unreachable, $"The permit {permitId} could not be renewed before it expired."));
                return;
            }

            await IgnoreCancellationAsync(Task.Delay(left, cancel));
        }
    }

    private async Task RenewAsync(CancellationToken cancel)
    {
        for (var number = 1; !cancel.IsCancellationRequested; number++)
        {
            var wait = Left - (seconds / 2);
            if (wait > TimeSpan.Zero) await IgnoreCancellationAsync(Task.Delay(wait, cancel));
            if (cancel.IsCancellationRequested) return;
            var asked = Stopwatch.GetTimestamp();
            var answer = await SendAsync(() => server.PostAsync($"/api/permits/{permitId}/renew", new JsonObject(), $"{permitId}-{number}", cancel));
            if (answer is { Ok: true }) Extend(asked);
            else if (IsRefusal(answer)) Refused(answer!);
            else await IgnoreCancellationAsync(Task.Delay(RetryInterval, cancel));
            if (stop.Task.IsCompleted) return;
        }
    }

    /// <summary>Waits on the server until the permit ends; the server answers at once then.</summary>
    private async Task WatchAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested && !stop.Task.IsCompleted)
        {
            var answer = await SendAsync(() => server.GetAsync($"/api/permits/{permitId}?wait={WatchSeconds}", cancel));
            if (IsRefusal(answer))
            {
                Refused(answer!);
                return;
            }

            if (answer is not { Ok: true })
            {
                await IgnoreCancellationAsync(Task.Delay(RetryInterval, cancel));
                continue;
            }

            var permit = answer.Read<PermitView>();
            if (permit.Status == "open") continue;
            if (permit.Status == "over") await IgnoreCancellationAsync(Task.Delay(RetryInterval, cancel));
            else Ended(permit);
        }
    }

    private void Ended(PermitView permit) => stop.TrySetResult(permit.Halt is { } halt
        ? (ExitCodes.Halted, $"{halt.Id} halts {halt.Scope}, raised by {halt.RaisedBy}: {halt.Reason}.")
        : (ExitCodes.Refused, $"The permit {permitId} is {permit.Status}{(permit.EndedBy is { } by ? $", ended by {by}" : "")}."));

    private static bool IsRefusal(ServerAnswer? answer) => answer?.Status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError;

    private void Refused(ServerAnswer answer) => stop.TrySetResult((answer.ExitCode, Problem.Read(answer).Sentence));

    /// <summary>The answer, or null if the attempt was given up.</summary>
    private static async Task<ServerAnswer?> SendAsync(Func<Task<ServerAnswer>> send)
    {
        try
        {
            return await send();
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task IgnoreCancellationAsync(Task wait)
    {
        try
        {
            await wait;
        }
        catch (OperationCanceledException)
        {
            // The action has ended.
        }
    }
}
