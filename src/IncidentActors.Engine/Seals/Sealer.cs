using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using IncidentActors.Engine.Journals;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Engine.Seals;

/// <summary>
/// Seals the events of the journal shortly after their commit, outside of the commit path (docs/decisions/0021). Each node runs one. The node
/// that wrote the last seal goes on; another one takes over when that seal is older than <see cref="TakeOver"/>. Correctness does not depend on it:
/// the write that extends the chain replaces the head that it was computed on, or fails.
/// </summary>
public sealed partial class Sealer : IAsyncDisposable
{
    /// <summary>Events in one seal.</summary>
    public const int MaxEvents = 2000;

    /// <summary>How long the node that wrote the last seal has the first turn at the next one.</summary>
    public static readonly TimeSpan TakeOver = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan LateAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromMinutes(1);

    private readonly IStore journal;
    private readonly EngineOptions options;
    private readonly ILogger log;
    private readonly ECDsa? key;
    private readonly CancellationTokenSource stop = new();
    private readonly Task loop;
    private Seal? last;
    private bool ended;
    private DateTimeOffset noted = DateTimeOffset.MinValue;

    /// <summary>Begins to seal.</summary>
    /// <exception cref="CryptographicException">The key is not a private key of P-256.</exception>
    public Sealer(IStore journal, EngineOptions options, ILogger log)
    {
        this.journal = journal;
        this.options = options;
        this.log = log;
        key = options.SealKey is { } pem ? SealKey.Read(pem) : null;
        loop = options.SealInterval is { } interval ? LoopAsync(interval) : Task.CompletedTask;
    }

    /// <summary>Seals what the feed shows and is not sealed yet.</summary>
    /// <returns>How many events were sealed. Another node may have sealed others meanwhile.</returns>
    public async Task<int> SealAsync(CancellationToken cancel)
    {
        for (var all = 0; ;)
        {
            var (head, version) = await SealChain.HeadAsync(journal, cancel);
            var events = (await journal.FeedAsync(head?.To, MaxEvents, null, cancel)).Events;
            if (events.IsEmpty) return all;
            var late = events.Min(one => one.At) < options.Time.GetUtcNow() - LateAfter;
            var seal = Make(head, events, late);
            if (!await SealChain.AppendAsync(journal, seal, options.Node, version, cancel)) return all;
            last = seal;
            all += events.Length;
            if (events.Length < MaxEvents) return all;
        }
    }

    private Seal Make(SealHead? head, ImmutableArray<StoredEvent> events, bool late)
    {
        var digests = SealHash.Rows(events);
        var seal = new Seal(
            (head?.Number ?? 0) + 1, events[^1].Cursor, events.Length, SealHash.Ticks(options.Time.GetUtcNow()), late,
            Convert.ToHexStringLower(SHA256.HashData(digests)), head?.Hash ?? "", "",
            key is null ? null : Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()), null, SealHash.Marks(digests));
        seal = seal with { Hash = seal.Computed() };
        return key is null
            ? seal
            : seal with { Signature = Convert.ToBase64String(key.SignData(Convert.FromHexString(seal.Hash), HashAlgorithmName.SHA256)) };
    }

    private async Task LoopAsync(TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval, options.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token)) await RoundAsync(always: false, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            using var patience = new CancellationTokenSource(TakeOver);
            await RoundAsync(always: true, patience.Token);
        }
    }

    /// <param name="always">True in the last round: seals even while another node is the sealer, and gives up when the store does not answer.</param>
    private async Task RoundAsync(bool always, CancellationToken cancel)
    {
        try
        {
            var (head, _) = await SealChain.HeadAsync(journal, cancel);
            if (!always && head is not null && head.Node != options.Node && SealHash.Ticks(options.Time.GetUtcNow()) - head.At < TakeOver.Ticks) return;
            await SealAsync(cancel);
            if (always || options.Time.GetUtcNow() - noted >= CheckpointInterval) await NoteAsync();
        }
        catch (Exception error) when (error is JournalUnavailableException or IOException or UnauthorizedAccessException)
        {
            LogLate(log, error.Message);
        }
        catch (Exception error) when (error is FormatException or JsonException or InvalidDataException or ArgumentOutOfRangeException)
        {
            LogBroken(log, error.Message);
        }
        catch (OperationCanceledException) when (always)
        {
            LogLate(log, "The store did not answer before the end.");
        }
    }

    /// <summary>Writes the last seal to the file that is kept outside of the database.</summary>
    private async Task NoteAsync()
    {
        if (options.SealLog is not { } file || last is not { } seal) return;
        await File.AppendAllTextAsync(file, JsonSerializer.Serialize(seal with { Marks = null }, SealJson.Default.Seal) + "\n");
        (last, noted) = (null, options.Time.GetUtcNow());
    }

    /// <summary>Seals the last events, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref ended, true)) return;
        await stop.CancelAsync();
        await loop;
        key?.Dispose();
        stop.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events could not be sealed; the next round tries again: {Sentence}")]
    private static partial void LogLate(ILogger log, string sentence);

    [LoggerMessage(Level = LogLevel.Error, Message = "A row cannot be read, so nothing is sealed; 'incident journal verify' says more: {Sentence}")]
    private static partial void LogBroken(ILogger log, string sentence);
}
