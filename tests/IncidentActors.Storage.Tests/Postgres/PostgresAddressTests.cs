using IncidentActors.Storage.Postgres;
using Npgsql;

namespace IncidentActors.Storage.Tests.Postgres;

public sealed class PostgresAddressTests
{
    private const string Secret = "s3cr3t";

    [Theory]
    [InlineData("postgres://me:s3cr3t@db.example:5433/incidents?sslmode=disable", "db.example", 5433, "incidents", "me", "s3cr3t", SslMode.Disable)]
    [InlineData("postgresql://me:s3cr3t@db/incidents?sslmode=verify-full", "db", 5432, "incidents", "me", "s3cr3t", SslMode.VerifyFull)]
    [InlineData("postgres://me@db/incidents?sslmode=verify-ca", "db", 5432, "incidents", "me", null, SslMode.VerifyCA)]
    [InlineData("POSTGRES://a%40b:p%40%3A%2F%3Fw@db:5432/in%20cidents", "db", 5432, "in cidents", "a@b", "p@:/?w", SslMode.Prefer)]
    [InlineData("postgres://me:p@ss#;=word@db/incidents", "db", 5432, "incidents", "me", "p@ss#;=word", SslMode.Prefer)]
    [InlineData("postgres://me:s3cr3t@[::1]:5433/incidents", "::1", 5433, "incidents", "me", "s3cr3t", SslMode.Prefer)]
    [InlineData("postgres:///incidents?host=/var/run/postgresql&user=me", "/var/run/postgresql", 5432, "incidents", "me", null, SslMode.Prefer)]
    [InlineData("postgres://db/incidents?user=me&password=s3cr3t&port=5433", "db", 5433, "incidents", "me", "s3cr3t", SslMode.Prefer)]
    [InlineData("Host=db;Port=5433;Database=incidents;Username=me;Password='s3;cr=3t'", "db", 5433, "incidents", "me", "s3;cr=3t", SslMode.Prefer)]
    [InlineData("Server=db;User Id=me;Database=incidents;SSL Mode=Require", "db", 5432, "incidents", "me", null, SslMode.Require)]
    public void An_address_is_read(string text, string host, int port, string database, string user, string? password, SslMode ssl)
    {
        var read = new NpgsqlConnectionStringBuilder(PostgresAddress.Parse(text));
        Assert.Equal((host, port, database, user, password, ssl), (read.Host, read.Port, read.Database, read.Username, read.Password, read.SslMode));
    }

    [Fact]
    public void Several_hosts_and_other_parameters_are_passed_on()
    {
        var read = new NpgsqlConnectionStringBuilder(PostgresAddress.Parse(
            "postgres://me:s3cr3t@a:5433,b/incidents?target_session_attrs=primary&connect_timeout=7&application_name=x&Maximum%20Pool%20Size=9"));
        Assert.Equal(("a:5433,b", "primary", 7, "x", 9), (read.Host, read.TargetSessionAttributes, read.Timeout, read.ApplicationName, read.MaxPoolSize));
    }

    [Fact]
    public void Defaults_hold_where_the_address_is_silent_and_only_there()
    {
        var silent = ConnectionSettings.Of("postgres://me@db/incidents");
        Assert.Equal((20, 60, true), (silent.MaxPoolSize, silent.MaxAutoPrepare, silent.NoResetOnClose));
        var spoken = ConnectionSettings.Of("postgres://me@db/incidents?MaxPoolSize=9&Max%20Auto%20Prepare=0&options=-c%20jit%3Don");
        Assert.Equal((9, 0), (spoken.MaxPoolSize, spoken.MaxAutoPrepare));
        Assert.EndsWith(" -c jit=on", spoken.Options, StringComparison.Ordinal);
    }

    /// <summary>Whatever is wrong, nothing of the text is said: every part of a malformed string may be the password.</summary>
    [Theory]
    [InlineData("postgres://me:s3cr3t@db:port/incidents")]
    [InlineData("postgres://me:s3cr3t@db:99999/incidents")]
    [InlineData("postgres://me:s3cr3t@db:0/incidents")]
    [InlineData("postgres://me:s/s3cr3t@db/incidents")]
    [InlineData("postgres://me:12/s3cr3t@db/incidents")]
    [InlineData("postgres://me:12?s3cr3t@db/incidents")]
    [InlineData("postgres://me:12?s3cr3t=1@db/incidents")]
    [InlineData("postgres://me:s3cr3t@db/incidents?sslmode=s3cr3t")]
    [InlineData("postgres://me:s3cr3t@db/incidents?s3cr3t=1")]
    [InlineData("postgres://me:s3cr3t@db/incidents?s3cr3t")]
    [InlineData("postgres://me:s3cr3t@db/incidents?=s3cr3t")]
    [InlineData("postgres://me:s3cr3t@/incidents")]
    [InlineData("postgres://")]
    [InlineData("mysql://me:s3cr3t@db/incidents")]
    [InlineData("//me:s3cr3t@db/incidents")]
    [InlineData("me:s3cr3t@db/incidents")]
    [InlineData("Host=db;Password=ab;s3cr3t;Database=d")]
    [InlineData("Host=db;Password=ab;s3cr3t=1;Database=d")]
    [InlineData("Host=db;Password='s3cr3t;Database=d")]
    [InlineData("Host=db;Port=s3cr3t")]
    [InlineData("Host=db;SSL Mode=s3cr3t")]
    [InlineData("Host=db;Pooling=s3cr3t")]
    [InlineData("Password=s3cr3t")]
    [InlineData("s3cr3t")]
    [InlineData("")]
    public void A_malformed_address_is_refused_without_its_text(string text)
    {
        var refused = Assert.Throws<ArgumentException>(() => PostgresAddress.Parse(text));
        Assert.DoesNotContain(Secret, refused.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("postgres://", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The corpus again with the secret cut, doubled and put everywhere: refused without it, or read with a description without it.</summary>
    [Fact]
    public void No_mutation_of_an_address_shows_the_password()
    {
        string[] frames =
        [
            "postgres://me:{0}@127.0.0.1:1/incidents?sslmode=disable", "postgresql://{0}:{0}@127.0.0.1:1/incidents",
            "Host=127.0.0.1;Port=1;Username=me;Password={0};Database=d",
            "Password={0};Host=127.0.0.1;Port=1", "Host=127.0.0.1;Pwd={0};Port=1;Database=d",
        ];
        string[] around =
        [
            "{0}", "a/{0}", "a?{0}", "a#{0}", "a@{0}", "a:{0}", "a;{0}", "a={0}", "a;{0}=b", "'{0}", "\"{0}", "a&{0}", "a%{0}", "{0}%zz", "a {0}",
            "a\\{0}", "1/{0}", "1,{0}", "[{0}", "]{0}:1", "a\n{0}",
        ];
        foreach (var frame in frames)
        {
            foreach (var form in around)
            {
                var text = frame.Replace("{0}", form, StringComparison.Ordinal).Replace("{0}", Secret, StringComparison.Ordinal);
                try
                {
                    using var store = new Disposal(new PostgresStore(text));
                    Assert.DoesNotContain(Secret, store.Store.Description, StringComparison.OrdinalIgnoreCase);
                }
                catch (ArgumentException refused)
                {
                    Assert.DoesNotContain(Secret, refused.ToString(), StringComparison.OrdinalIgnoreCase);
                }
            }
        }
    }

    private sealed class Disposal(PostgresStore store) : IDisposable
    {
        public PostgresStore Store => store;

        public void Dispose() => store.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
