using System.Diagnostics;
using IncidentActors.Core.Permits;
using IncidentActors.Silo.Permits;

namespace IncidentActors.Client;

/// <summary>
/// The permission to do one action outside. It is renewed until it is released. Disposing of it without <see cref="ReleaseAsync"/> reports that the action's
/// outcome is unknown.
/// </summary>
public sealed class Permit : IAsyncDisposable
{
    private readonly CommandSender sender;
    private readonly IPermitGrain grain;
    private readonly CancellationTokenSource halted = new();
    private readonly CancellationTokenSource released = new();
    private readonly Task keeping;
    private TimeSpan validUntil;

    /// <param name="asked">When it was asked for, on <see cref="Now"/>: the grant is not older, so it is valid until then and its seconds.</param>
    internal Permit(CommandSender sender, IPermitGrain grain, PermitView view, TimeSpan asked)
    {
        (this.sender, this.grain, View) = (sender, grain, view);
        Extend(asked);
        keeping = KeepAsync();
    }

    internal static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    public string Id => View.Id;

    /// <summary>The permit as last read. After a halt <see cref="PermitView.Halt"/> says which.</summary>
    public PermitView View { get; private set; }

    /// <summary>Cancelled when the action must stop: a halt has ended the permit, it was ended otherwise, or its time is over because it could not
    /// be renewed.</summary>
    public CancellationToken Halted => halted.Token;

    /// <summary>Reports that the action is over, and how.</summary>
    /// <param name="key">Idempotency key, to send a command again after an <see cref="UnknownOutcomeException"/>; null: a new one.</param>
    public async Task<CommandResult<PermitView>> ReleaseAsync(
        PermitOutcome outcome = PermitOutcome.Done, string? notes = null, string? key = null, CancellationToken cancel = default)
    {
        await released.CancelAsync();
        await keeping;
        return await sender.SendAsync<PermitView>(key ?? CommandSender.NewKey(), call => grain.DoAsync(new EndPermit(outcome, notes), call), cancel);
    }

    /// <summary>Reports an unknown outcome if the permit was not released. Takes at most the remaining validity of the permit: when the permit expires,
    /// the silos record the unknown outcome.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!released.IsCancellationRequested)
        {
            using var limit = new CancellationTokenSource(Left());
            try
            {
                await ReleaseAsync(PermitOutcome.Unknown, cancel: limit.Token);
            }
            catch (Exception error) when (error is UnknownOutcomeException or OperationCanceledException)
            {
                // The permit's time is over.
            }
        }

        await keeping;
        halted.Dispose();
        released.Dispose();
    }

    private async Task KeepAsync()
    {
        var renewed = Now;
        try
        {
            while (!halted.IsCancellationRequested)
            {
                await Task.Delay(sender.PollInterval, released.Token);
                var asked = Now;
                if (asked - renewed < TimeSpan.FromSeconds(View.Seconds) / 3)
                {
                    if (await sender.ReadAsync(grain.GetAsync, released.Token) is { } now) View = now;
                    if (View.Status != "open") await halted.CancelAsync();
                    continue;
                }

                var result = await sender.SendAsync<PermitView>(
                    CommandSender.NewKey(), call => grain.DoAsync(new RenewPermit(), call), released.Token);
                if (result.IsAccepted)
                {
                    (View, renewed) = (result.Value, asked);
                    Extend(asked);
                    continue;
                }

                View = View with { HaltId = result.Refusal.Halt?.Id, Halt = result.Refusal.Halt };
                await halted.CancelAsync();
            }
        }
        catch (Exception error) when (released.IsCancellationRequested && error is UnknownOutcomeException or OperationCanceledException)
        {
            // The action is over.
        }
        catch (Exception)
        {
            // Nothing says that the permit still holds.
            await halted.CancelAsync();
        }
    }

    private void Extend(TimeSpan asked)
    {
        validUntil = asked + TimeSpan.FromSeconds(View.Seconds);
        halted.CancelAfter(Left());
    }

    private TimeSpan Left() => validUntil > Now ? validUntil - Now : TimeSpan.Zero;
}
