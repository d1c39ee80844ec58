using System.Collections.Concurrent;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Server.Tokens;

/// <summary>
/// What goes on under a token: requests that are being answered, streams, sessions. It ends when the token does: at once where it is
/// revoked, within <see cref="LookEvery"/> on other nodes and when it expires.
/// </summary>
internal sealed class TokenLives(TokenRecords tokens, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>In place of a token's id: whoever reads while there is none. It ends with the first token.</summary>
    public const string Nobody = "";

    private readonly ConcurrentDictionary<Life, byte> lives = new();

    /// <summary>To be disposed when it is over by itself.</summary>
    public Life Begin(string tokenId, CancellationToken cancel)
    {
        var life = new Life(this, tokenId, cancel);
        lives.TryAdd(life, 0);
        return life;
    }

    /// <summary>The token is revoked or has expired.</summary>
    public void End(string tokenId)
    {
        foreach (var life in lives.Keys.Where(life => life.TokenId == tokenId)) life.End();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(LookEvery);
        while (await look.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var id in lives.Keys.Select(life => life.TokenId).Distinct())
                {
                    if (await IsOverAsync(id, stoppingToken)) End(id);
                }
            }
            catch (JournalUnavailableException)
            {
                // The next look will tell.
            }
        }
    }

    private async Task<bool> IsOverAsync(string id, CancellationToken cancel) => id == Nobody
        ? await tokens.AnyAsync(cancel)
        : await tokens.GetAsync(id, cancel) is not { } token || !token.IsValid(time.GetUtcNow());

    /// <summary>One thing that goes on.</summary>
    internal sealed class Life : IDisposable
    {
        private readonly TokenLives all;
        private readonly CancellationTokenSource source;

        public Life(TokenLives all, string tokenId, CancellationToken cancel)
        {
            this.all = all;
            TokenId = tokenId;
            source = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            Token = source.Token;
        }

        public string TokenId { get; }

        /// <summary>Canceled with what it was made from, and when the token ends.</summary>
        public CancellationToken Token { get; }

        /// <summary>The token has ended.</summary>
        public bool Ended { get; private set; }

        public void End()
        {
            Ended = true;
            try
            {
                source.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It was over at the same moment.
            }
        }

        public void Dispose()
        {
            all.lives.TryRemove(this, out _);
            source.Dispose();
        }
    }
}
